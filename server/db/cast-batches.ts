import {
  admitCasts,
  settleCasts,
  type Admission,
  type AdmissionSettings,
  type CastEnding,
  type CastRequest,
  type Settlement,
} from "./casts.ts";
import type { Sql } from "./connect.ts";
import { GroupCommit } from "./group-commit.ts";

/** One commit serves so many casts at most; more would make the first wait for the last. */
const MOST_IN_A_BATCH = 256;

/** The two ways in which casts meet the database, each in batches of its own. */
export interface CastBatches {
  admit(request: CastRequest): Promise<Admission>;
  /** Durable when it answers. */
  settle(ending: CastEnding): Promise<Settlement>;
  /** Admissions that have not been sent yet. */
  readonly waiting: number;
}

/** Makes a process's batches. `clock` moves the database's, in tests. */
export function createCastBatches(
  sql: Sql,
  settings: AdmissionSettings,
  clock: { readonly offsetMs: number },
): CastBatches {
  const admissions = new GroupCommit(
    (requests: readonly CastRequest[]) => admitCasts(sql, requests, settings, clock.offsetMs),
    MOST_IN_A_BATCH,
  );
  const settlements = new GroupCommit(
    (endings: readonly CastEnding[]) => settleCasts(sql, endings, settings.replayMs, clock.offsetMs),
    MOST_IN_A_BATCH,
  );
  return {
    admit: (request) => admissions.submit(request),
    settle: (ending) => settlements.submit(ending),
    get waiting() {
      return admissions.size;
    },
  };
}
