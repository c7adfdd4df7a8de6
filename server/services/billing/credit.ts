import { isDeepStrictEqual } from "node:util";
import { eq, sum } from "drizzle-orm";
import { z } from "zod";
import { accounts, casts, credits } from "../../../drizzle/schema/index.ts";
import type { Platform } from "../../context.ts";
import type { Transaction } from "../../db/connect.ts";
import { InvalidRequest } from "../../errors.ts";
import { lockAccount } from "../identity/lock-account.ts";
import { appendLedger } from "../ledger/append.ts";

/** Reason and reference stand in the ledger for ever: short words, no sentence about a person. */
export const creditInput = z.strictObject({
  account_id: z.uuid(),
  amount_micros: z.int().min(1).max(1_000_000_000_000),
  reason: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, "a word such as refund or goodwill"),
  reference: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/, "the house's own name for the matter"),
  cast_id: z.uuid().optional(),
});

export type CreditInput = z.output<typeof creditInput>;

/** A cast gives back at most what it cost; what the allowance paid was credited when it settled. */
async function checkRefund(tx: Transaction, input: CreditInput, castId: string): Promise<void> {
  const refuse = (message: string) => new InvalidRequest([{ field: "cast_id", message }]);
  const [cast] = await tx.select().from(casts).where(eq(casts.id, castId));
  if (cast?.accountId !== input.account_id) throw refuse("is no cast of this account");
  const [given] = await tx
    .select({ total: sum(credits.amountMicros).mapWith(Number) })
    .from(credits)
    .where(eq(credits.castId, castId));
  const paid = cast.funding === "card" ? cast.costMicros : 0;
  const left = paid - (given?.total ?? 0);
  if (input.amount_micros > left) throw refuse(`has ${left} micros left to give back`);
}

/**
 * Gives an account a credit, as a new ledger entry: it is taken off what is invoiced, and never off usage, which is what
 * was consumed. The same reference with the same facts again changes nothing. For the house only: no endpoint calls it.
 * @throws InvalidRequest for an unknown account, a reference of another credit, or more than a cast's cost
 */
export async function creditAccount(
  { db }: Pick<Platform, "db">,
  input: CreditInput,
): Promise<{ isNew: boolean }> {
  return db.drizzle.transaction(async (tx) => {
    await lockAccount(tx, input.account_id);
    const [account] = await tx
      .select({ id: accounts.id })
      .from(accounts)
      .where(eq(accounts.id, input.account_id));
    if (account === undefined) throw new InvalidRequest([{ field: "account_id", message: "is no account" }]);
    const credit = {
      reference: input.reference,
      accountId: input.account_id,
      castId: input.cast_id ?? null,
      amountMicros: input.amount_micros,
      reason: input.reason,
    };
    const [present] = await tx.select().from(credits).where(eq(credits.reference, input.reference));
    if (present !== undefined) {
      const { createdAt, invoiceId } = present;
      if (isDeepStrictEqual(present, { ...credit, createdAt, invoiceId })) return { isNew: false };
      throw new InvalidRequest([{ field: "reference", message: "names another credit" }]);
    }
    if (credit.castId !== null) await checkRefund(tx, input, credit.castId);
    // Accounts are locked one by one: another's credit of this name may have come since it was looked for.
    const [made] = await tx
      .insert(credits)
      .values(credit)
      .onConflictDoNothing()
      .returning({ reference: credits.reference });
    if (made === undefined)
      throw new InvalidRequest([{ field: "reference", message: "names another credit" }]);
    await appendLedger(tx, {
      kind: "credit.granted",
      accountId: credit.accountId,
      subject: credit.castId,
      amountMicros: -credit.amountMicros,
      details: { reason: credit.reason, reference: credit.reference },
    });
    return { isNew: true };
  });
}
