/** One process's ways to the database: the product's own batches and statements, with the moment of each decision. */
import {
  admitCasts,
  cancelCast,
  settleCasts,
  startCast,
  sweepCasts,
  type Admission,
  type AdmissionSettings,
  type CastEnding,
  type CastRequest,
  type Settlement,
} from "../../server/db/casts.ts";
import { connect, type Sql } from "../../server/db/connect.ts";
import { GroupCommit } from "../../server/db/group-commit.ts";

const MOST_IN_A_BATCH = 64;
const SWEPT_AT_ONCE = 500;

export interface TimedAdmission {
  readonly admission: Admission;
  /** Between the locks and the commit: the order of these moments is the order of an account's transactions. */
  readonly atMicros: number;
  readonly position: number;
}

/** What a process can be told to do. */
export interface Caster {
  admit(request: CastRequest): Promise<TimedAdmission>;
  settle(ending: CastEnding): Promise<Settlement>;
  /** Ends what is overdue; returns how many it moved. */
  sweep(): Promise<number>;
  /** True when this call started it. */
  start(castId: string): Promise<boolean>;
  cancel(accountId: string, castId: string): Promise<boolean>;
}

export interface CasterOptions {
  readonly url: string;
  readonly poolSize: number;
  readonly settings: AdmissionSettings;
  readonly clock: { readonly offsetMs: number };
  /** Else each admission is its own transaction, as in the product, and its moment is only about right. */
  readonly isTimed: boolean;
}

async function admitTimed(
  sql: Sql,
  requests: readonly CastRequest[],
  settings: AdmissionSettings,
  offsetMs: number,
) {
  return sql.begin(async (transaction) => {
    // A transaction answers the same calls as the pool it was taken from; only its type has fewer.
    const admissions = await admitCasts(transaction as unknown as Sql, requests, settings, offsetMs);
    const [now] = await transaction<[{ micros: number }]>`
      select (extract(epoch from clock_timestamp()) * 1000000)::bigint as micros`;
    return admissions.map((admission, position) => ({ admission, position, atMicros: now.micros }));
  });
}

async function admitPlain(
  sql: Sql,
  requests: readonly CastRequest[],
  settings: AdmissionSettings,
  offsetMs: number,
) {
  const admissions = await admitCasts(sql, requests, settings, offsetMs);
  return admissions.map((admission, position) => ({ admission, position, atMicros: Date.now() * 1_000 }));
}

export type OpenCaster = Caster & { close(): Promise<void> };

/** Opens a process's connections. */
export async function openCaster(options: CasterOptions): Promise<OpenCaster> {
  const { settings, clock, isTimed } = options;
  const db = connect({ url: options.url, poolSize: options.poolSize, applicationName: "simulator" });
  // The driver learns the types of arrays with a pool's first query, too late for that query itself.
  await db.sql`select 1`;
  const admitAll = isTimed ? admitTimed : admitPlain;
  const admissions = new GroupCommit<CastRequest, TimedAdmission>(
    (requests) => admitAll(db.sql, requests, settings, clock.offsetMs),
    MOST_IN_A_BATCH,
  );
  const settlements = new GroupCommit<CastEnding, Settlement>(
    (endings) => settleCasts(db.sql, endings, settings.replayMs, clock.offsetMs),
    MOST_IN_A_BATCH,
  );
  return {
    admit: (request) => admissions.submit(request),
    settle: (ending) => settlements.submit(ending),
    sweep: () => sweepCasts(db.sql, SWEPT_AT_ONCE, settings.queueMs, clock.offsetMs),
    start: async (castId) =>
      (await startCast(db.sql, castId, settings.bootId, settings.graceMs, clock.offsetMs)) !== null,
    cancel: (accountId, castId) => cancelCast(db.sql, accountId, castId, clock.offsetMs),
    close: () => db.close(),
  };
}
