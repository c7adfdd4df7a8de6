import { and, desc, eq, inArray, lt } from "drizzle-orm";
import { z } from "zod";
import { invoiceLines, invoices, spells, spellVersions } from "../../../../drizzle/schema/index.ts";
import type { ServiceContext } from "../../../context.ts";
import { requireScope } from "../../identity/require-scope.ts";
import { cutPage, readCursor, type Page, type pageInput } from "../../paging.ts";
import type { InvoiceLineView, InvoiceView } from "./invoice-view.ts";
import type { InvoiceRow } from "./record.ts";

const cursorShape = z.tuple([z.coerce.number().int()]);

/** The lines of some invoices, the dearest first. */
async function linesOf(
  { db }: ServiceContext,
  ids: readonly string[],
): Promise<Map<string, InvoiceLineView[]>> {
  const rows = await db.drizzle
    .select({
      invoiceId: invoiceLines.invoiceId,
      spell_name: spells.name,
      version: spellVersions.version,
      calls: invoiceLines.calls,
      cost_micros: invoiceLines.settledMicros,
    })
    .from(invoiceLines)
    .innerJoin(spellVersions, eq(spellVersions.id, invoiceLines.versionId))
    .innerJoin(spells, eq(spells.id, spellVersions.spellId))
    .where(inArray(invoiceLines.invoiceId, [...ids]))
    .orderBy(desc(invoiceLines.settledMicros), spells.name, spellVersions.ordinal);
  const lines = new Map<string, InvoiceLineView[]>(ids.map((id) => [id, []]));
  for (const { invoiceId, ...line } of rows) lines.get(invoiceId)?.push(line);
  return lines;
}

const viewInvoice = (row: InvoiceRow, lines: InvoiceLineView[]): InvoiceView => ({
  id: row.id,
  number: row.number,
  month: row.month.slice(0, 7),
  part: row.part,
  status: row.status,
  cost_micros: row.settledMicros,
  allowance_micros: row.allowanceMicros,
  credit_micros: row.creditMicros,
  carried_in_micros: row.carriedInMicros,
  due_cents: row.dueCents,
  carried_out_micros: row.carriedOutMicros,
  closed_at: row.closedAt.toISOString(),
  paid_at: row.paidAt?.toISOString() ?? null,
  hosted_url: row.hostedUrl,
  pdf_url: row.pdfUrl,
  lines,
});

/** The account's invoices, newest first. @throws InsufficientScope, InvalidRequest for a foreign cursor */
export async function listInvoices(
  ctx: ServiceContext,
  { limit, cursor }: z.output<typeof pageInput>,
): Promise<Page<InvoiceView>> {
  requireScope(ctx, "billing");
  const [before] = cursor === undefined ? [] : readCursor(cursor, cursorShape);
  const rows = await ctx.db.drizzle
    .select()
    .from(invoices)
    .where(
      and(
        eq(invoices.accountId, ctx.actor.accountId),
        before === undefined ? undefined : lt(invoices.number, before),
      ),
    )
    .orderBy(desc(invoices.number))
    .limit(limit + 1);
  const lines = await linesOf(
    ctx,
    rows.map(({ id }) => id),
  );
  return cutPage(
    rows,
    limit,
    (row) => viewInvoice(row, lines.get(row.id) ?? []),
    (row) => [String(row.number)],
  );
}
