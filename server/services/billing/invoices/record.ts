import { and, eq, inArray, isNotNull, sql } from "drizzle-orm";
import type { Stripe } from "stripe";
import { accounts, invoices } from "../../../../drizzle/schema/index.ts";
import type { Platform } from "../../../context.ts";
import type { Transaction } from "../../../db/connect.ts";
import { lockAccount } from "../../identity/lock-account.ts";
import { appendLedger, type LedgerEvent } from "../../ledger/append.ts";

export type InvoiceRow = typeof invoices.$inferSelect;
type Status = InvoiceRow["status"];

/**
 * How far a status is. Stripe's answers may reach us in another order than it gave them, and none of these goes back: so
 * whatever is further is newer.
 */
const RANK: Readonly<Record<Status, number>> = {
  carried: 0,
  closed: 1,
  open: 2,
  past_due: 3,
  uncollectible: 4,
  void: 5,
  paid: 5,
};

const EVENTS: Partial<Record<Status, LedgerEvent["kind"]>> = {
  past_due: "invoice.failed",
  void: "invoice.voided",
  paid: "invoice.paid",
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Which of our invoices an object at Stripe says it is of. Anybody with Stripe's dashboard writes that: only ids pass. */
export function invoiceIdOf({ metadata }: Pick<Stripe.Invoice, "metadata">): string | null {
  const id = metadata?.["invoice"] ?? "";
  return UUID.test(id) ? id : null;
}

/** An invoice's status as Stripe has it. One whose collection was tried and failed is past due. */
export function statusOf({ status, attempt_count: attempts }: Stripe.Invoice): Status {
  switch (status) {
    case "paid":
      return "paid";
    case "void":
      return "void";
    case "uncollectible":
      return "uncollectible";
    case "open":
      return attempts > 0 ? "past_due" : "open";
    default:
      return "closed";
  }
}

/** The account's standing follows from its invoices: past due as long as one of them was tried in vain. */
async function markStanding(tx: Transaction, accountId: string): Promise<void> {
  const failed = and(eq(invoices.accountId, accountId), inArray(invoices.status, FAILED));
  const since =
    (await tx.$count(invoices, failed)) > 0
      ? sql`coalesce(${accounts.pastDueSince}, clock_timestamp())`
      : sql`null`;
  await tx.update(accounts).set({ pastDueSince: since }).where(eq(accounts.id, accountId));
}

const FAILED: readonly Status[] = ["past_due", "uncollectible"];

interface News {
  readonly status: Status;
  /** What Stripe calls it; whoever made it there says so. */
  readonly stripeId?: string;
  readonly paidAt?: Date | null;
  readonly hostedUrl?: string | null;
  readonly pdfUrl?: string | null;
}

/** Records what became of an invoice, once, with its entry in the ledger. Older news change nothing. */
export async function recordStatus(
  { db }: Pick<Platform, "db">,
  { id, accountId }: Pick<InvoiceRow, "id" | "accountId">,
  news: News,
): Promise<void> {
  await db.drizzle.transaction(async (tx) => {
    await lockAccount(tx, accountId);
    const [present] = await tx.select().from(invoices).where(eq(invoices.id, id));
    if (present === undefined) return;
    if (RANK[news.status] <= RANK[present.status]) {
      // Stripe's event was faster than the answer to whoever made it.
      if (news.stripeId !== undefined && present.stripeId === null)
        await tx.update(invoices).set({ stripeId: news.stripeId }).where(eq(invoices.id, id));
      return;
    }
    await tx.update(invoices).set(news).where(eq(invoices.id, id));
    if ([news.status, present.status].some((status) => FAILED.includes(status)))
      await markStanding(tx, accountId);
    const kind = EVENTS[news.status];
    if (kind === undefined) return;
    const { number, dueCents } = present;
    await appendLedger(tx, { kind, accountId, subject: id, details: { number, due_cents: dueCents } });
  });
}

const instantOf = (seconds: number | null): Date | null =>
  seconds === null ? null : new Date(seconds * 1_000);

const newsOf = (found: Stripe.Invoice): News => ({
  status: statusOf(found),
  paidAt: instantOf(found.status_transitions.paid_at),
  hostedUrl: found.hosted_invoice_url ?? null,
  pdfUrl: found.invoice_pdf ?? null,
});

/** Records an invoice as Stripe has it now. */
export const recordStripeInvoice = (
  parts: Pick<Platform, "db">,
  invoice: Pick<InvoiceRow, "id" | "accountId">,
  found: Stripe.Invoice,
): Promise<void> => recordStatus(parts, invoice, newsOf(found));

/** The same for whoever brought it there: that this one at Stripe is ours is written down with it. */
export const recordCollection = (
  parts: Pick<Platform, "db">,
  invoice: Pick<InvoiceRow, "id" | "accountId">,
  found: Stripe.Invoice,
): Promise<void> => recordStatus(parts, invoice, { ...newsOf(found), stripeId: found.id });

/** The invoices of an account that Stripe has been given, or is to be, and that are not paid; oldest first. */
export const listUnpaid = ({ db }: Pick<Platform, "db">, accountId: string): Promise<InvoiceRow[]> =>
  db.drizzle
    .select()
    .from(invoices)
    .where(
      and(
        eq(invoices.accountId, accountId),
        inArray(invoices.status, ["closed", "open", "past_due", "uncollectible"]),
      ),
    )
    .orderBy(invoices.number);

/** The invoices of an account that were collected, newest first. The condition is what says that they have Stripe's id. */
export const listCollected = (
  { db }: Pick<Platform, "db">,
  accountId: string,
): Promise<(InvoiceRow & { readonly stripeId: string })[]> =>
  db.drizzle
    .select()
    .from(invoices)
    .where(and(eq(invoices.accountId, accountId), eq(invoices.status, "paid"), isNotNull(invoices.stripeId)))
    .orderBy(sql`${invoices.number} desc`) as Promise<(InvoiceRow & { readonly stripeId: string })[]>;
