import { eq } from "drizzle-orm";
import { accounts } from "../../../drizzle/schema/index.ts";
import type { Platform } from "../../context.ts";
import { appendLedger } from "../ledger/append.ts";

export interface OpenAccountInput {
  readonly kind: "person" | "house";
  /** Makes the call repeatable: an account that has this handle already is given back as it is. */
  readonly handle: string;
  readonly displayName: string;
}

/** Opens an account the platform itself needs; an account of this handle that exists is left alone. */
export async function openAccount(
  { db }: Pick<Platform, "db">,
  input: OpenAccountInput,
): Promise<{ accountId: string; isNew: boolean }> {
  return db.drizzle.transaction(async (tx) => {
    const [made] = await tx
      .insert(accounts)
      .values(input)
      .onConflictDoNothing()
      .returning({ id: accounts.id });
    if (made !== undefined) {
      await appendLedger(tx, {
        kind: "account.opened",
        accountId: made.id,
        subject: null,
        details: { kind: input.kind },
      });
      return { accountId: made.id, isNew: true };
    }
    const [existing] = await tx
      .select({ id: accounts.id })
      .from(accounts)
      .where(eq(accounts.handle, input.handle));
    if (existing === undefined) throw new Error(`account ${input.handle} is neither new nor there`);
    return { accountId: existing.id, isNew: false };
  });
}
