import {
  moveCasts,
  type Admission,
  type AdmissionSettings,
  type CastBatch,
  type CastEnding,
  type CastRequest,
  type Settlement,
} from "./casts.ts";
import type { Sql } from "./connect.ts";
import { GroupCommit } from "./group-commit.ts";

/** One commit serves so many admissions, and so many settlements, at most; more would make the first wait for the last. */
const MOST_IN_A_BATCH = 256;

/** The two ways in which casts meet the database, in common batches. */
export interface CastBatches {
  admit(request: CastRequest): Promise<Admission>;
  /** Durable when it answers. */
  settle(ending: CastEnding): Promise<Settlement>;
  /** Admissions that have not been sent yet. */
  readonly waiting: number;
}

/** One of the two. */
export type CastMove = { readonly request: CastRequest } | { readonly ending: CastEnding };

/** The lanes of a `GroupCommit` of moves: all requests of a batch come before all endings, and so do their answers. */
export const [ADMISSIONS, SETTLEMENTS, LANES] = [0, 1, 2];

/** A batch by kind, each in its order. */
export const byKind = (moves: readonly CastMove[]): CastBatch => ({
  requests: moves.flatMap((move) => ("request" in move ? [move.request] : [])),
  endings: moves.flatMap((move) => ("ending" in move ? [move.ending] : [])),
});

/** Makes a process's batches. `clock` moves the database's, in tests. */
export function createCastBatches(
  sql: Sql,
  settings: AdmissionSettings,
  clock: { readonly offsetMs: number },
): CastBatches {
  const send = async (moves: readonly CastMove[]): Promise<(Admission | Settlement)[]> => {
    const { admissions, settlements } = await moveCasts(sql, byKind(moves), settings, clock.offsetMs);
    return [...admissions, ...settlements];
  };
  const batches = new GroupCommit(send, MOST_IN_A_BATCH, LANES);
  return {
    // Each is answered in kind.
    admit: (request) => batches.submit({ request }, ADMISSIONS) as Promise<Admission>,
    settle: (ending) => batches.submit({ ending }, SETTLEMENTS) as Promise<Settlement>,
    get waiting() {
      return batches.waitingIn(ADMISSIONS);
    },
  };
}
