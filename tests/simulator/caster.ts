/** One process's ways to the database: the product's own batches and statements, with the moment of each decision. */
import { ADMISSIONS, byKind, LANES, SETTLEMENTS, type CastMove } from "../../server/db/cast-batches.ts";
import {
  moveCasts,
  type Admission,
  type AdmissionSettings,
  type CastBatch,
  type CastEnding,
  type CastRequest,
  type Settlement,
} from "../../server/db/casts.ts";
import { connect, type Sql } from "../../server/db/connect.ts";
import { GroupCommit } from "../../server/db/group-commit.ts";
import { cancelCast, startCast, sweepCasts } from "../../server/db/held-casts.ts";

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
  /** Else a batch is its own transaction, as in the product, and the moment of its admissions is only about right. */
  readonly isTimed: boolean;
}

type Moved = TimedAdmission | Settlement;

async function moveTimed(
  sql: Sql,
  batch: CastBatch,
  settings: AdmissionSettings,
  offsetMs: number,
): Promise<Moved[]> {
  return sql.begin(async (transaction) => {
    // A transaction answers the same calls as the pool it was taken from; only its type has fewer.
    const { admissions, settlements } = await moveCasts(
      transaction as unknown as Sql,
      batch,
      settings,
      offsetMs,
    );
    // What a batch settles it settles after all of its admissions.
    const [now] = await transaction<[{ micros: number }]>`
      select coalesce(
               (
                 select (extract(epoch from min(c.ended_at)) * 1000000)::bigint - ${offsetMs}::bigint * 1000 - 1
                   from casts c
                  where c.id = any (${batch.endings.map(({ castId }) => castId)}::uuid[])
                    and c.xmin = pg_current_xact_id()::xid
               ),
               (extract(epoch from clock_timestamp()) * 1000000)::bigint
             ) as micros`;
    const timed = admissions.map((admission, position) => ({ admission, position, atMicros: now.micros }));
    return [...timed, ...settlements];
  });
}

async function movePlain(
  sql: Sql,
  batch: CastBatch,
  settings: AdmissionSettings,
  offsetMs: number,
): Promise<Moved[]> {
  const { admissions, settlements } = await moveCasts(sql, batch, settings, offsetMs);
  const timed = admissions.map((admission, position) => ({
    admission,
    position,
    atMicros: Date.now() * 1_000,
  }));
  return [...timed, ...settlements];
}

export type OpenCaster = Caster & { close(): Promise<void> };

/** Opens a process's connections. */
export async function openCaster(options: CasterOptions): Promise<OpenCaster> {
  const { settings, clock, isTimed } = options;
  const db = connect({ url: options.url, poolSize: options.poolSize, applicationName: "simulator" });
  // The driver learns the types of arrays with a pool's first query, too late for that query itself.
  await db.sql`select 1`;
  const move = isTimed ? moveTimed : movePlain;
  const batches = new GroupCommit<CastMove, Moved>(
    (moves) => move(db.sql, byKind(moves), settings, clock.offsetMs),
    MOST_IN_A_BATCH,
    LANES,
  );
  return {
    // As in the product, each is answered in kind.
    admit: (request) => batches.submit({ request }, ADMISSIONS) as Promise<TimedAdmission>,
    settle: (ending) => batches.submit({ ending }, SETTLEMENTS) as Promise<Settlement>,
    sweep: () => sweepCasts(db.sql, SWEPT_AT_ONCE, settings.queueMs, clock.offsetMs),
    start: async (castId) =>
      (await startCast(db.sql, castId, settings.bootId, settings.graceMs, clock.offsetMs)) !== null,
    cancel: (accountId, castId) => cancelCast(db.sql, accountId, castId, clock.offsetMs),
    close: () => db.close(),
  };
}
