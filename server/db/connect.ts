/** Connections to Postgres: two clients on one pool size each, because drizzle changes the client it is given. */
import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import * as schema from "../../drizzle/schema/index.ts";

const INT8_OID = 20;
const DATE_OID = 1082;

function exactNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} does not fit a number exactly`);
  return value;
}

/** Money and counts arrive as exact numbers, dates as `YYYY-MM-DD`; both defaults of the driver would mislead. */
const types = {
  int8: { to: INT8_OID, from: [INT8_OID], serialize: String, parse: exactNumber },
  date: { to: DATE_OID, from: [DATE_OID], serialize: String, parse: String },
};

interface Types extends Record<string, unknown> {
  int8: number;
  date: string;
}

/** The raw client, for our SQL functions. */
export type Sql = postgres.Sql<Types>;
/** The query builder, and the same inside one of its transactions. */
export type Drizzle = PostgresJsDatabase<typeof schema>;
export type Transaction = Parameters<Parameters<Drizzle["transaction"]>[0]>[0];

export interface Database {
  readonly sql: Sql;
  readonly drizzle: Drizzle;
  close(): Promise<void>;
}

export interface ConnectOptions {
  readonly url: string;
  readonly poolSize: number;
  readonly applicationName: string;
}

/**
 * Lets a client prepare what drizzle sends. Drizzle asks for nameless statements, each of which is parsed and planned
 * anew, and takes two round trips; what it builds has parameters, so that one text serves all values.
 */
function prepareStatements(client: postgres.Sql): void {
  const unsafe = client.unsafe.bind(client);
  client.unsafe = (query, parameters, options) => unsafe(query, parameters, { ...options, prepare: true });
}

/**
 * Opens the pools; connections are made when first needed and again after Postgres was away. Time-outs are the
 * server's: no statement of ours may take, wait for a lock, or leave a transaction open, for longer than seconds.
 */
export function connect({ url, poolSize, applicationName }: ConnectOptions): Database {
  const options = {
    max: poolSize,
    connect_timeout: 5,
    // Reconnects at once after an outage; the driver's default backs off for up to 20 s.
    backoff: () => 0.2,
    onnotice: () => undefined,
    connection: {
      application_name: applicationName,
      TimeZone: "UTC",
      lock_timeout: 5_000,
      statement_timeout: 15_000,
      idle_in_transaction_session_timeout: 10_000,
    },
  };
  const raw = postgres(url, {
    ...options,
    // Our functions are called with arrays of every length: a plan of its own for each takes longer than the call.
    connection: { ...options.connection, plan_cache_mode: "force_generic_plan", jit: false },
    types,
  });
  const built = postgres(url, { ...options, max: Math.max(2, poolSize >> 1) });
  prepareStatements(built);
  return {
    sql: raw,
    drizzle: drizzle(built, { schema }),
    close: async () => {
      await Promise.all([raw.end({ timeout: 5 }), built.end({ timeout: 5 })]);
    },
  };
}
