/** Accounts with a card, a limit that is out of the way, and a key. */
import { randomBytes, randomUUIDv7 } from "node:crypto";
import type { StackFile } from "../../dev/stack/stack-file.ts";
import { readConfig } from "../../server/config.ts";
import { SCOPES } from "../../server/context.ts";
import { connect } from "../../server/db/connect.ts";
import { registerCard } from "../../server/services/billing/register-card.ts";
import { openAccount } from "../../server/services/identity/open-account.ts";
import { createKey } from "../../server/services/keys/create.ts";
import { LIMITS } from "./stack.ts";
import { testCard } from "../../tests/support/test-card.ts";

export interface BenchAccount {
  readonly accountId: string;
  readonly apiKey: string;
}

/** Makes `count` accounts, by the product's own verbs. */
export async function makeAccounts(stack: StackFile, count: number): Promise<BenchAccount[]> {
  const config = readConfig({
    ...LIMITS,
    NODE_ENV: "test",
    DATABASE_URL: stack.database_url,
    KEY_PEPPER: stack.key_pepper,
    RECEIPT_KEY: stack.receipt_key,
  });
  const db = connect({ url: stack.database_url, poolSize: 2, applicationName: "bench" });
  const owner = connect({ url: stack.database_owner_url, poolSize: 1, applicationName: "bench" });
  const random = { bytes: (size: number) => randomBytes(size), id: () => randomUUIDv7() };
  const parts = { db, config, random, clock: { offsetMs: 0 } };
  const accounts: BenchAccount[] = [];
  for (let i = 0; i < count; i += 1) {
    const handle = `bench-${randomBytes(6).toString("hex")}`;
    const { accountId } = await openAccount(parts, { kind: "person", handle, displayName: "Bench" });
    await registerCard(parts, accountId, testCard());
    const credential = { accountId, keyPrefix: null, sessionDigest: null };
    const actor = { credential, accountId, scopes: SCOPES };
    const input = { name: "bench", expires_at: null, monthly_limit_cents: null, scopes: [...SCOPES] };
    accounts.push({ accountId, apiKey: (await createKey({ ...parts, actor }, input)).api_key });
  }
  await owner.sql`
    update budgets set hard_limit_micros = 1000000000000
     where account_id = any (${accounts.map(({ accountId }) => accountId)}::uuid[])`;
  await Promise.all([db.close(), owner.close()]);
  return accounts;
}
