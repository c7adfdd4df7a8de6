import { accounts, people } from "../../../drizzle/schema/index.ts";
import type { Database } from "../../db/connect.ts";
import { appendLedger } from "../ledger/append.ts";

/** A new person: who they are at GitHub, and what they agreed to. */
export type NewPerson = Pick<
  typeof people.$inferInsert,
  "accountId" | "githubId" | "login" | "email" | "language" | "termsVersion"
> & { readonly name: string | null };

/**
 * Opens a person's account. Somebody's second account is refused by the database: a unique violation of `github_id`.
 * The ledger hears of the account and the terms, and not who it is.
 */
export async function openPerson({ drizzle }: Pick<Database, "drizzle">, person: NewPerson): Promise<void> {
  const { accountId, login, termsVersion } = person;
  await drizzle.transaction(async (tx) => {
    await tx.insert(accounts).values({ id: accountId, kind: "person", displayName: login });
    await tx.insert(people).values(person);
    await appendLedger(tx, {
      kind: "account.opened",
      accountId,
      subject: null,
      details: { kind: "person", terms_version: termsVersion },
    });
  });
}
