/** Steps that make what casts need: accounts, keys, spells and their versions. */
import { Account, type Key } from "../account.ts";
import { insertSecret, underLock } from "../changes.ts";
import type { Simulation } from "../simulation.ts";
import type { Spell, Version } from "../terms.ts";

const CENT = 10_000;
const TICKS_OF_A_KEY = [20.5, 200.5, 20_000.5] as const;

/** An account with or without a card; one with a card has the default limit. */
export async function openAccount(
  simulation: Simulation,
  hasCard = !simulation.random.oneIn(3),
): Promise<Account> {
  const { db, model, trace } = simulation;
  const accountId = simulation.id();
  await db.sql`insert into accounts (id, kind, display_name) values (${accountId}, 'house', 'simulated')`;
  if (hasCard) {
    await db.sql`
      insert into payment_methods (account_id, stripe_id, brand, last4, exp_month, exp_year)
      values (${accountId}, ${`pm_test_${accountId}`}, 'visa', '4242', 12, 2034)`;
  }
  // A card without a budget's row is the default limit too.
  const account = new Account(accountId, hasCard, null);
  model.accounts.set(accountId, account);
  trace.push(`    an account ${hasCard ? "with" : "without"} a card`);
  return account;
}

/** A key with or without a limit, an expiry, and the right to cast. */
export async function makeKey(simulation: Simulation, account: Account): Promise<void> {
  const { random, db, clock, trace } = simulation;
  const prefix = Buffer.from(random.bytes(5)).toString("hex");
  const key: Key = {
    id: simulation.id(),
    accountId: account.id,
    prefixes: [prefix],
    scopes: random.oneIn(8) ? ["read"] : ["cast", "read"],
    limitMicros: random.oneIn(3) ? null : (1 + random.below(20)) * CENT,
    expiresAt: random.oneIn(3) ? clock.planned + random.pick(TICKS_OF_A_KEY) * 7_000 : null,
    isRevoked: false,
  };
  const hmac = random.bytes(32);
  await underLock(db.sql, account.id, async (sql) => {
    await sql`
      insert into api_keys (id, account_id, name, scopes, monthly_limit_micros, expires_at)
      values (
        ${key.id}, ${account.id}, 'simulated', ${[...key.scopes]}, ${key.limitMicros},
        to_timestamp(${key.expiresAt === null ? null : key.expiresAt / 1_000}::double precision)
      )`;
    await insertSecret(sql, key.id, prefix, hmac);
  });
  account.keys.push(key);
  trace.push(`    a key limited to ${key.limitMicros ?? "nothing"}`);
}

async function insertVersion(simulation: Simulation, spell: Spell, terms: Omit<Version, "id" | "isActive">) {
  const { random, db } = simulation;
  const version: Version = { ...terms, id: simulation.id(), isActive: true };
  const digest = random.bytes(32);
  await db.sql`insert into spell_modules (digest, bytes) values (${digest}, ${digest})`;
  await db.sql`
    insert into spell_versions (
      id, spell_id, version, flat_micros, rate_micros, fuel_limit, memory_bytes, wall_ms, content_type, manifest,
      published_digest, prepared_digest
    )
    values (
      ${version.id}, ${spell.id}, ${version.version}, ${version.flatMicros}, ${version.rateMicros}, ${version.fuelLimit},
      65536, 1000, 'application/json', ${digest}, ${digest}, ${digest}
    )`;
  spell.versions.push(version);
}

/** A flat part, a rate, and the fuel of a cast. */
export type Price = readonly [flatMicros: number, rateMicros: number, fuelLimit: number];

const anyPrice = ({ random }: Simulation): Price =>
  random.pick<Price>([
    [0, 0, 5_000_000],
    [(1 + random.below(6)) * CENT, 0, 1_000_000],
    [1, 0, 1_000_000],
    [CENT, 1_500, 30_000_003],
    [0, 777, 10_000_001],
  ]);

/** Free, flat or metered. */
export async function publishSpell(
  simulation: Simulation,
  [flatMicros, rateMicros, fuelLimit] = anyPrice(simulation),
): Promise<Spell> {
  const { random, db, model, trace } = simulation;
  const name = `s${Buffer.from(random.bytes(6)).toString("hex")}`;
  const spell: Spell = { id: simulation.id(), name, key: `test.${name}`, versions: [], isActive: true };
  await db.sql`
    insert into spells (id, name, key, description, tags) values (${spell.id}, ${name}, ${spell.key}, 'simulated', '{}')`;
  await insertVersion(simulation, spell, { version: "1.0.0", flatMicros, rateMicros, fuelLimit });
  model.spells.push(spell);
  trace.push(`    a spell for ${flatMicros} and ${rateMicros}`);
  return spell;
}

/** A version that is dearer, cheaper or the same, in one part of its price. */
export async function publishVersion(simulation: Simulation, spell: Spell): Promise<void> {
  const { random, trace } = simulation;
  const last = spell.versions[spell.versions.length - 1];
  if (last === undefined) return;
  const isMetered = last.rateMicros > 0;
  const more = random.pick([0, 1, 5_000, -1]);
  const flatMicros = random.oneIn(2) ? Math.max(0, last.flatMicros + more) : last.flatMicros;
  const rateMicros = isMetered && random.oneIn(2) ? Math.max(1, last.rateMicros + more) : last.rateMicros;
  const version = `1.${spell.versions.length}.0`;
  await insertVersion(simulation, spell, { version, flatMicros, rateMicros, fuelLimit: last.fuelLimit });
  trace.push(`    a version for ${flatMicros} and ${rateMicros}`);
}

/** Takes a version, or a whole spell, out of use or back into it. */
export async function toggle({ random, db, trace }: Simulation, spell: Spell): Promise<void> {
  const version = spell.versions[random.below(spell.versions.length)];
  if (version === undefined || random.oneIn(4)) {
    spell.isActive = !spell.isActive;
    await db.sql`update spells set is_active = ${spell.isActive} where id = ${spell.id}`;
    trace.push(`    a spell ${spell.isActive ? "active" : "inactive"}`);
    return;
  }
  version.isActive = !version.isActive;
  await db.sql`update spell_versions set is_active = ${version.isActive} where id = ${version.id}`;
  trace.push(`    a version ${version.isActive ? "active" : "inactive"}`);
}
