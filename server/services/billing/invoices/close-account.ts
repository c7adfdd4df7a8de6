import type { Billing } from "./billing.ts";
import { closeInvoice, listOpenMonths, presentMonth } from "../../../db/invoices.ts";

/** More than any account has that was not closed for years. */
const MONTHS = 1_000;

/** What sorts before every month of an account. */
const beforeAll = (accountId: string) => ({ accountId, month: "0001-01-01" });

/**
 * Closes all that an account has used until now: the months that are over, and a part of this one. False while casts of
 * it are held: call it again when they have settled.
 */
export async function closeAccount(
  billing: Pick<Billing, "db" | "clock">,
  accountId: string,
): Promise<boolean> {
  const { db, clock } = billing;
  const clockOffsetMs = clock.offsetMs;
  const open = await listOpenMonths(db.sql, clockOffsetMs, MONTHS, beforeAll(accountId));
  const parts = [
    ...open.filter((month) => month.accountId === accountId).map(({ month }) => ({ month, isLast: true })),
    { month: await presentMonth(db.sql, clockOffsetMs), isLast: false },
  ];
  for (const part of parts) {
    const { outcome } = await closeInvoice(db.sql, { accountId, ...part, clockOffsetMs });
    if (outcome === "held") return false;
  }
  return true;
}
