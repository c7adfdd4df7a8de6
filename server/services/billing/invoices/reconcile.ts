import { and, gte, inArray, lt, ne } from "drizzle-orm";
import type { Stripe } from "stripe";
import { invoices } from "../../../../drizzle/schema/index.ts";
import { addUp, type Disagreement } from "../../ledger/disagreement.ts";
import type { Billing } from "./billing.ts";
import { invoiceIdOf, recordStripeInvoice, statusOf, type InvoiceRow } from "./record.ts";

const DAY_MS = 86_400_000;
/** Two months and some days: what was closed in them is compared every night. */
const WINDOW_MS = 70 * DAY_MS;
/** Collecting is tried again for days when Stripe is away; from a day on its absence is told. */
const PATIENCE_MS = DAY_MS;
const PAGE = 100;

type Found = Stripe.Invoice | Stripe.CreditNote;

/** All objects of a list, some at a time. */
async function* pagesOf<Item extends Found>(items: AsyncIterable<Item>): AsyncGenerator<Item[]> {
  let page: Item[] = [];
  for await (const item of items) {
    if (invoiceIdOf(item) === null) continue;
    page.push(item);
    if (page.length === PAGE) {
      yield page;
      page = [];
    }
  }
  if (page.length > 0) yield page;
}

async function rowsOf({ db }: Billing, ids: readonly string[]): Promise<Map<string, InvoiceRow>> {
  const rows = await db.drizzle
    .select()
    .from(invoices)
    .where(inArray(invoices.id, [...ids]));
  return new Map(rows.map((row) => [row.id, row]));
}

/** One of Stripe's against ours. What Stripe knows and we were not told is written down, which is no disagreement. */
async function compareOne(
  billing: Billing,
  found: Stripe.Invoice,
  row: InvoiceRow | undefined,
): Promise<string | null> {
  if (row === undefined || row.stripeId !== found.id)
    return found.status === "void" ? null : "invoices at Stripe that are not in the books";
  if (found.status !== "draft" && found.total !== row.dueCents)
    return "invoices of another amount at Stripe than in the books";
  if (statusOf(found) !== row.status) await recordStripeInvoice(billing, row, found);
  return null;
}

/** Ours that should be at Stripe by now, and were not among those found there. */
async function compareMissing(
  { db }: Billing,
  since: Date,
  now: Date,
  seen: ReadonlySet<string>,
): Promise<number> {
  const rows = await db.drizzle
    .select({ id: invoices.id })
    .from(invoices)
    .where(
      and(
        gte(invoices.closedAt, since),
        lt(invoices.closedAt, new Date(now.getTime() - PATIENCE_MS)),
        ne(invoices.dueCents, 0),
      ),
    );
  return rows.filter(({ id }) => !seen.has(id)).length;
}

/** What was given back at Stripe against what the books say was. */
async function compareCreditNotes(
  billing: Billing,
  created: { gte: number },
  seen: Set<string>,
): Promise<Disagreement[]> {
  const given = new Map<string, number>();
  for await (const page of pagesOf(billing.stripe.creditNotes.list({ created, limit: PAGE }))) {
    for (const note of page) {
      const id = invoiceIdOf(note) ?? "";
      given.set(id, (given.get(id) ?? 0) + note.amount);
    }
  }
  const rows = await rowsOf(billing, [...given.keys()]);
  for (const id of given.keys()) seen.add(id);
  const wrong = [...given].filter(([id, cents]) => rows.get(id)?.dueCents !== -cents);
  return [{ what: "credit notes at Stripe of another amount than in the books", found: wrong.length }];
}

/**
 * Compares the books with Stripe, both ways, for what was closed in the last two months. `now` is Stripe's clock.
 * @throws StripeError
 */
export async function reconcile(billing: Billing, now = new Date()): Promise<Disagreement[]> {
  const since = new Date(now.getTime() - WINDOW_MS);
  // An invoice is made at Stripe after it was closed here.
  const created = { gte: Math.floor(since.getTime() / 1_000) };
  const found: Disagreement[] = [];
  const seen = new Set<string>();
  for await (const page of pagesOf(billing.stripe.invoices.list({ created, limit: PAGE }))) {
    const rows = await rowsOf(
      billing,
      page.map((invoice) => invoiceIdOf(invoice) ?? ""),
    );
    for (const invoice of page) {
      const id = invoiceIdOf(invoice) ?? "";
      seen.add(id);
      const what = await compareOne(billing, invoice, rows.get(id));
      if (what !== null) found.push({ what, found: 1 });
    }
  }
  found.push(...(await compareCreditNotes(billing, created, seen)));
  const missing = await compareMissing(billing, since, now, seen);
  return addUp([...found, { what: "invoices in the books that are not at Stripe", found: missing }]);
}
