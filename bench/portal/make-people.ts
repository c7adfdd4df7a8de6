/** Signed-in people with a month of casts behind them, as many as a busy account has. */
import { randomBytes, randomUUIDv7 } from "node:crypto";
import type { StackFile } from "../../dev/stack/stack-file.ts";
import { readConfig } from "../../server/config.ts";
import { SCOPES } from "../../server/context.ts";
import { connect, type Database } from "../../server/db/connect.ts";
import { registerCard } from "../../server/services/billing/register-card.ts";
import { createSession } from "../../server/services/identity/create-session.ts";
import { openPerson } from "../../server/services/identity/open-person.ts";
import { TERMS_VERSION } from "../../server/services/identity/terms.ts";
import { createKey } from "../../server/services/keys/create.ts";
import { LIMITS } from "../casts/stack.ts";
import { writeHistory } from "./write-history.ts";
import { testCard } from "../../tests/support/test-card.ts";

export interface PeopleOptions {
  readonly accounts: number;
  /** Each of an account of its own turn: several browsers share one. */
  readonly sessions: number;
  readonly castsEach: number;
}

type Parts = Parameters<typeof createKey>[0] extends infer Context ? Omit<Context, "actor"> : never;

async function openAccount(parts: Parts): Promise<{ accountId: string; keyId: string }> {
  const accountId = parts.random.id();
  const login = `bench-${randomBytes(6).toString("hex")}`;
  await openPerson(parts.db, {
    accountId,
    githubId: randomBytes(6).readUIntBE(0, 6),
    login,
    name: null,
    email: `${login}@example.com`,
    language: "en",
    termsVersion: TERMS_VERSION,
  });
  await registerCard(parts, accountId, testCard());
  const credential = { accountId, keyPrefix: null, sessionDigest: null };
  const actor = { credential, accountId, scopes: SCOPES };
  const input = { name: "bench", expires_at: null, monthly_limit_cents: null, scopes: [...SCOPES] };
  const { id } = await createKey({ ...parts, actor }, input);
  return { accountId, keyId: id };
}

async function signIn(parts: Parts, accountIds: readonly string[], sessions: number): Promise<string[]> {
  const cookies: string[] = [];
  for (let i = 0; i < sessions; i += 1) {
    const { token } = await createSession(parts, accountIds[i % accountIds.length] ?? "");
    cookies.push(`spell_session=${token}`);
  }
  return cookies;
}

async function withConnections<Result>(
  stack: StackFile,
  work: (app: Database, owner: Database) => Promise<Result>,
): Promise<Result> {
  const app = connect({ url: stack.database_url, poolSize: 2, applicationName: "bench" });
  const owner = connect({ url: stack.database_owner_url, poolSize: 1, applicationName: "bench" });
  try {
    return await work(app, owner);
  } finally {
    await Promise.all([app.close(), owner.close()]);
  }
}

/** Makes accounts by the product's own verbs and their casts by SQL. Gives a `Cookie` header for each session. */
export function makePeople(stack: StackFile, options: PeopleOptions): Promise<string[]> {
  const config = readConfig({
    ...LIMITS,
    NODE_ENV: "test",
    DATABASE_URL: stack.database_url,
    KEY_PEPPER: stack.key_pepper,
    RECEIPT_KEY: stack.receipt_key,
  });
  const random = { bytes: (size: number) => randomBytes(size), id: () => randomUUIDv7() };
  return withConnections(stack, async (db, owner) => {
    const parts = { db, config, random, clock: { offsetMs: 0 } };
    const accounts = [];
    for (let i = 0; i < options.accounts; i += 1) accounts.push(await openAccount(parts));
    await writeHistory(owner.sql, accounts, options.castsEach);
    return signIn(
      parts,
      accounts.map(({ accountId }) => accountId),
      options.sessions,
    );
  });
}
