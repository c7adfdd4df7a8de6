import type { AppLoadContext } from "@remix-run/node";
import { takeRefusal } from "../problems/take-refusal.server.ts";
import type { InvoicePage } from "./invoice-list.tsx";

const PAGE_SIZE = 12;

/** The invoices from a cursor on; for one that no list gave, what is wrong with it. */
export async function readInvoices(context: AppLoadContext, cursor: string | null): Promise<InvoicePage> {
  try {
    const from = cursor === null ? {} : { cursor };
    const page = await context.caller.billing.invoices({ limit: PAGE_SIZE, ...from });
    return { invoices: page.data, nextCursor: page.next_cursor, cursor, problem: null };
  } catch (error) {
    if (context.describe(error).error === "unauthenticated") throw error;
    return { invoices: [], nextCursor: null, cursor, problem: takeRefusal(context, error) };
  }
}
