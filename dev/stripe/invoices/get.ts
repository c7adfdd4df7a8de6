import { invalidRequest, missing } from "../api/error.ts";
import type { Context } from "../context.ts";
import type { Invoice } from "../store/kinds.ts";

/** @throws Refusal */
export function getInvoice({ store }: Context, id: string, param?: string): Invoice & { id: string } {
  const found = store.find("invoice", id);
  if (found === null) throw missing("invoice", id, param);
  return found;
}

/** An invoice that can still be changed. @throws Refusal */
export function getDraft(context: Context, id: string, param?: string): Invoice & { id: string } {
  const invoice = getInvoice(context, id, param);
  if (invoice.status !== "draft")
    throw invalidRequest("This invoice is no longer editable", { code: "invoice_not_editable" });
  return invoice;
}
