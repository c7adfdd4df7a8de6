/** Sample data of the local stack: the sample spells, a demo account with a card and a key, the house account. */
import { randomBytes, randomUUIDv7 } from "node:crypto";
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { readConfig, type Config } from "../server/config.ts";
import { SCOPES, type Actor, type Clock } from "../server/context.ts";
import { connect, type Database } from "../server/db/connect.ts";
import { registerCard } from "../server/services/billing/register-card.ts";
import { HOUSE_HANDLE } from "../server/services/casts/cast-text-stats.ts";
import { createAuthenticator } from "../server/services/identity/authenticate.ts";
import { createSession } from "../server/services/identity/create-session.ts";
import { openAccount } from "../server/services/identity/open-account.ts";
import { createKey } from "../server/services/keys/create.ts";
import { publishSpell } from "../server/services/spells/publish.ts";
import { readPackage } from "./read-package.ts";

const spellsFolder = fileURLToPath(new URL("../spells", import.meta.url));
const CARD = { brand: "visa", last4: "4242", expMonth: 12, expYear: 2034 };

interface Parts {
  readonly db: Database;
  readonly config: Config;
  readonly random: { bytes(count: number): Uint8Array; id(): string };
  readonly clock: Clock;
}

/** Every folder of spells/ that has a manifest. */
async function publishSamples(parts: Parts): Promise<void> {
  const entries = await readdir(spellsFolder, { withFileTypes: true, recursive: true });
  const folders = entries.filter((entry) => entry.name === "spell.json").map((entry) => entry.parentPath);
  for (const folder of folders.sort()) await publishSpell(parts, await readPackage(folder));
}

/** The demo account's key: the remembered one while it still opens, else a new one beside those that exist. */
async function demoKey(parts: Parts, accountId: string, remembered: string | undefined): Promise<string> {
  if (remembered !== undefined && (await createAuthenticator(parts)(remembered))?.accountId === accountId)
    return remembered;
  const credential = { accountId, keyPrefix: null, sessionDigest: null };
  const actor: Actor = { credential, accountId, scopes: SCOPES };
  const input = { name: "Demo key", expires_at: null, monthly_limit_cents: null, scopes: [...SCOPES] };
  return (await createKey({ ...parts, actor }, input)).api_key;
}

export interface SeedInput {
  /** The web process's environment. */
  readonly env: NodeJS.ProcessEnv;
  readonly remembered?: { readonly apiKey?: string };
}

/**
 * Brings a migrated database to where a first cast works. Repeatable, and safe beside a running stack: keys, limits
 * and cards that exist are left alone; only a session, and a key when none is remembered, are new each time.
 */
export async function seedDemo({
  env,
  remembered,
}: SeedInput): Promise<{ apiKey: string; sessionToken: string }> {
  const config = readConfig(env);
  const db = connect({ url: config.DATABASE_URL, poolSize: 2, applicationName: "spell-seed" });
  const random = { bytes: (count: number) => randomBytes(count), id: () => randomUUIDv7() };
  const parts: Parts = { db, config, random, clock: { offsetMs: 0 } };
  try {
    await publishSamples(parts);
    await openAccount(parts, { kind: "house", handle: HOUSE_HANDLE, displayName: "Spell Platform" });
    const demo = await openAccount(parts, { kind: "person", handle: "demo", displayName: "Demo" });
    if (demo.isNew) await registerCard(parts, demo.accountId, CARD);
    const apiKey = await demoKey(parts, demo.accountId, remembered?.apiKey);
    const { token } = await createSession(parts, demo.accountId);
    return { apiKey, sessionToken: token };
  } finally {
    await db.close();
  }
}
