/** Accounts, spells and keys for tests of money: real rows in a real database that the test owns. */
import { randomBytes, randomUUID } from "node:crypto";
import type { AdmissionSettings, CastRequest } from "../../server/db/casts.ts";
import { connect, type Database } from "../../server/db/connect.ts";
import { createTestDatabase } from "./database.ts";
import { admitCasts, endingOf, requestOf, settleCasts } from "./moves.ts";

export const CENT = 10_000;

export interface AccountOptions {
  readonly hasCard?: boolean;
  /** Null: no budget row. */
  readonly hardCents?: number | null;
  readonly period?: "daily" | "monthly";
  /** Only people are invoiced; a house account unless given. */
  readonly kind?: "person" | "house";
}

export interface World {
  readonly db: Database;
  readonly appUrl: string;
  readonly ownerUrl: string;
  /** As the worker, to whom the queue belongs. */
  readonly workerUrl: string;
  readonly settings: AdmissionSettings;
  account(options?: AccountOptions): Promise<string>;
  /** A key's prefix. */
  key(accountId: string, options?: { limitCents?: number; scopes?: string[] }): Promise<string>;
  /** A spell's name; its version costs `cents` flat. */
  spell(cents: number, options?: { rateMicros?: number; fuelLimit?: number }): Promise<string>;
  request(accountId: string, spell: string, more?: Partial<CastRequest>): CastRequest;
  admit(requests: readonly CastRequest[], clockOffsetMs?: number): ReturnType<typeof admitCasts>;
  /** Settles casts as completed, or with an error code. */
  settle(casts: readonly CastRequest[], more?: SettleOptions): ReturnType<typeof settleCasts>;
  month(accountId: string, month?: string): Promise<MonthFigures>;
  close(): Promise<void>;
}

export interface SettleOptions {
  readonly errorCode?: string;
  /** 100 unless given; null: nobody knows. */
  readonly fuelUsed?: number | null;
  readonly clockOffsetMs?: number;
}

export interface MonthFigures {
  readonly settled: number;
  readonly held: number;
  readonly calls: number;
  readonly allowanceSettled: number;
}

const SETTINGS: AdmissionSettings = {
  bootId: randomUUID(),
  rateLimit: 1_000_000,
  allowanceMicros: 100 * CENT,
  defaultMicros: 5_000 * CENT,
  maximumMicros: 50_000 * CENT,
  graceMs: 10_000,
  queueMs: 3_600_000,
  replayMs: 86_400_000,
  freeFuelDaily: 1_000_000_000_000,
};

async function insertAccount(
  { sql }: Database,
  { hasCard = true, hardCents = 5_000, period = "monthly", kind = "house" }: AccountOptions,
) {
  const [row] = await sql<[{ id: string }]>`
    insert into accounts (kind, display_name) values (${kind}, 'test') returning id`;
  if (hasCard) {
    await sql`
      insert into payment_methods (account_id, stripe_id, brand, last4, exp_month, exp_year)
      values (${row.id}, ${`pm_test_${row.id}`}, 'visa', '4242', 12, 2034)`;
  }
  if (hardCents !== null) {
    await sql`
      insert into budgets (account_id, period, hard_limit_micros, notify_thresholds)
      values (${row.id}, ${period}, ${hardCents * CENT}, '{70,90}')`;
  }
  return row.id;
}

async function insertKey({ sql }: Database, accountId: string, limitCents: number | null, scopes: string[]) {
  const prefix = randomBytes(5).toString("hex");
  const limit = limitCents === null ? null : limitCents * CENT;
  const [key] = await sql<[{ id: string }]>`
    insert into api_keys (account_id, name, scopes, monthly_limit_micros)
    values (${accountId}, 'test', ${scopes}, ${limit})
    returning id`;
  await sql`
    insert into api_key_secrets (prefix, key_id, hmac, argon2)
    values (${prefix}, ${key.id}, ${randomBytes(32)}, 'unused: these tests present no secret')`;
  return prefix;
}

async function insertSpell({ sql }: Database, flatMicros: number, rateMicros: number, fuelLimit: number) {
  const name = `s${randomBytes(6).toString("hex")}`;
  const digest = randomBytes(32);
  const [spell] = await sql<[{ id: string }]>`
    insert into spells (name, key, description, tags) values (${name}, ${`test.${name}`}, 'test', '{}') returning id`;
  await sql`insert into spell_modules (digest, bytes) values (${digest}, ${digest})`;
  await sql`
    insert into spell_versions (
      spell_id, version, flat_micros, rate_micros, fuel_limit, memory_bytes, wall_ms, content_type, manifest,
      published_digest, prepared_digest
    )
    values (
      ${spell.id}, '1.0.0', ${flatMicros}, ${rateMicros}, ${fuelLimit}, 65536, 1000, 'application/json', ${digest},
      ${digest}, ${digest}
    )`;
  return name;
}

/** A world of its own for one test file; `close` it in afterAll. */
export async function createWorld(): Promise<World> {
  const database = await createTestDatabase();
  const db = connect({ url: database.appUrl, poolSize: 20, applicationName: "test" });
  return {
    db,
    appUrl: database.appUrl,
    ownerUrl: database.ownerUrl,
    workerUrl: database.workerUrl,
    settings: SETTINGS,
    account: (options = {}) => insertAccount(db, options),
    key: (accountId, { limitCents, scopes = ["cast", "read"] } = {}) =>
      insertKey(db, accountId, limitCents ?? null, scopes),
    spell: (cents, { rateMicros = 0, fuelLimit = 1_000_000 } = {}) =>
      insertSpell(db, cents * CENT, rateMicros, fuelLimit),
    request: requestOf,
    admit: (requests, clockOffsetMs = 0) => admitCasts(db.sql, requests, SETTINGS, clockOffsetMs),
    settle: (casts, { errorCode, fuelUsed, clockOffsetMs = 0 } = {}) => {
      const endings = casts.map((cast) =>
        endingOf(cast, {
          ...(fuelUsed === undefined ? {} : { fuelUsed }),
          ...(errorCode === undefined ? {} : { errorCode, outputDigest: null }),
        }),
      );
      return settleCasts(db.sql, endings, SETTINGS, clockOffsetMs);
    },
    month: async (accountId, month) => {
      const [row] = await db.sql<MonthFigures[]>`
        select u.settled_micros as settled,
               u.held_micros as held,
               u.calls,
               u.allowance_settled_micros as "allowanceSettled"
          from usage_months u
         where u.account_id = ${accountId}
           and (${month ?? null}::date is null or u.month = ${month ?? null}::date)`;
      return row ?? { settled: 0, held: 0, calls: 0, allowanceSettled: 0 };
    },
    close: async () => {
      await db.close();
      await database.drop();
    },
  };
}
