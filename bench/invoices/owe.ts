/** Accounts that used something last month, with a customer and a card at the Stripe emulator. */
import { randomBytes, randomUUIDv7 } from "node:crypto";
import Stripe from "stripe";
import type { StackFile } from "../../dev/stack/stack-file.ts";
import type { AdmissionSettings, CastRequest } from "../../server/db/casts.ts";
import { connect, type Sql } from "../../server/db/connect.ts";
import { admitCasts, endingOf, requestOf, settleCasts } from "../../tests/support/moves.ts";

/** Calls under way at once: the emulator takes no more from one place. */
const AT_ONCE = 16;
const PAGE = 1_000;
/** Of casts in one admission and one settlement. */
const BATCH = 250;
const SPELLS = ["bench-one", "bench-two", "bench-three"];
const PRICE_MICROS = 1_234_567;
const HARD_MICROS = 1_000_000_000_000;
const DAY_MS = 86_400_000;

const SETTINGS: AdmissionSettings = {
  bootId: randomUUIDv7(),
  rateLimit: 1_000_000_000,
  allowanceMicros: 0,
  defaultMicros: HARD_MICROS,
  maximumMicros: HARD_MICROS,
  graceMs: 10_000,
  queueMs: 3_600_000,
  replayMs: DAY_MS,
  freeFuelDaily: 1,
};

/** Stripe's package with the stack's own keys. */
export function stripeOf({ stripe_url: url, stripe_secret_key: key }: StackFile): Stripe {
  if (url === undefined || key === undefined) throw new Error("the stack runs without its Stripe emulator");
  const { hostname, port } = new URL(url);
  return new Stripe(key, { host: hostname, port, protocol: "http", telemetry: false });
}

async function makeCustomers(stripe: Stripe, accountIds: readonly string[]): Promise<string[]> {
  const customers: string[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < accountIds.length; index = next++) {
      const { id } = await stripe.customers.create({ metadata: { account: accountIds[index] ?? "" } });
      const method = await stripe.paymentMethods.attach("pm_card_visa", { customer: id });
      await stripe.customers.update(id, { invoice_settings: { default_payment_method: method.id } });
      customers[index] = id;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return customers;
}

/** Spells that nobody runs: what their casts did is told to settlement. */
async function publishSpells(sql: Sql): Promise<void> {
  const digest = randomBytes(32);
  await sql`insert into spell_modules (digest, bytes) values (${digest}, ${digest})`;
  await sql`
    with made as (
      insert into spells (name, key, description, tags)
      select n.name, 'bench.' || n.name, 'bench', '{}' from unnest(${SPELLS}::text[]) n (name)
      on conflict do nothing
      returning id
    )
    insert into spell_versions (
      spell_id, version, flat_micros, rate_micros, fuel_limit, memory_bytes, wall_ms, content_type, manifest,
      published_digest, prepared_digest
    )
    select m.id, '1.0.0', ${PRICE_MICROS}, 0, 1000000, 65536, 1000, 'application/json', ${digest}, ${digest}, ${digest}
      from made m`;
}

/**
 * Accounts with a card. As the house's own for now: those cast without a key, of which each would cost a password's
 * hashing.
 */
async function insertAccounts(
  owner: Sql,
  ids: readonly string[],
  customers: readonly string[],
): Promise<void> {
  await owner.begin(async (sql) => {
    await sql`
      insert into accounts (id, kind, display_name)
      select a.id, 'house', 'Bench' from unnest(${ids}::uuid[]) a (id)`;
    await sql`
      insert into stripe_customers (account_id, is_live, id)
      select a.id, false, a.customer from unnest(${ids}::uuid[], ${customers}::text[]) a (id, customer)`;
    await sql`
      insert into payment_methods (account_id, stripe_id, brand, last4, exp_month, exp_year)
      select a.id, 'pm_bench_' || a.id, 'visa', '4242', 12, 2034 from unnest(${ids}::uuid[]) a (id)`;
    await sql`
      insert into budgets (account_id, period, hard_limit_micros, notify_thresholds)
      select a.id, 'monthly', ${HARD_MICROS}, '{90}' from unnest(${ids}::uuid[]) a (id)`;
  });
}

/** Admits and settles casts as a process does, by a clock that stands in the month before. */
async function castLastMonth(sql: Sql, requests: readonly CastRequest[]): Promise<void> {
  const now = new Date();
  const offsetMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1) - DAY_MS - now.getTime();
  const decisions = await admitCasts(sql, requests, SETTINGS, offsetMs);
  const refused = decisions.find(({ decision }) => decision !== "admitted");
  if (refused !== undefined) throw new Error(`a cast was refused: ${refused.decision}`);
  await settleCasts(
    sql,
    requests.map((cast) => endingOf(cast, { fuelUsed: 30_000, durationMs: 0.4 })),
    SETTINGS,
    offsetMs,
  );
}

/** Makes `count` people who cast each of three spells last month: by the product's own SQL, so that the books agree. */
export async function makeDebtors(file: StackFile, count: number): Promise<void> {
  const stripe = stripeOf(file);
  const owner = connect({ url: file.database_owner_url, poolSize: 1, applicationName: "bench" });
  const app = connect({ url: file.database_url, poolSize: 1, applicationName: "bench" });
  try {
    await publishSpells(owner.sql);
    // The driver learns at its first statement how arrays of bytes are sent.
    await app.sql`select 1`;
    for (let made = 0; made < count; made += PAGE) {
      const ids = Array.from({ length: Math.min(PAGE, count - made) }, () => randomUUIDv7());
      await insertAccounts(owner.sql, ids, await makeCustomers(stripe, ids));
      const requests = ids.flatMap((id) => SPELLS.map((spell) => requestOf(id, spell)));
      for (let from = 0; from < requests.length; from += BATCH)
        await castLastMonth(app.sql, requests.slice(from, from + BATCH));
      await owner.sql`update accounts set kind = 'person' where id = any (${ids}::uuid[])`;
    }
    await owner.sql`vacuum analyze`;
  } finally {
    await Promise.all([owner.close(), app.close()]);
  }
}

/** How many calls the emulator has answered. */
export async function callsAtStripe({ stripe_url: url, stripe_secret_key: key }: StackFile): Promise<number> {
  const answer = await fetch(`${url}/_emulator/state`, { headers: { Authorization: `Bearer ${key}` } });
  // Our own emulator's own route.
  return ((await answer.json()) as { calls: number }).calls;
}
