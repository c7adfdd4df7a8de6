/** Invoices in the Stripe emulator, for tests of what becomes of them. */
import type Stripe from "stripe";
import type { TestStripe } from "./stripe.ts";

/** A customer whose default card is that of a token. */
export async function customerWith(stripe: Stripe, token: string): Promise<string> {
  const { id } = await stripe.customers.create({ email: "caster@example.com" });
  const method = await stripe.paymentMethods.attach(token, { customer: id });
  await stripe.customers.update(id, { invoice_settings: { default_payment_method: method.id } });
  return id;
}

/** A draft with one line. */
export async function draftOf(
  stripe: Stripe,
  customer: string,
  amount: number,
  changes: Partial<Stripe.InvoiceCreateParams> = {},
): Promise<string> {
  const { id } = await stripe.invoices.create({ customer, currency: "usd", ...changes });
  await stripe.invoiceItems.create({ customer, invoice: id, amount, currency: "usd", description: "Casts" });
  return id;
}

/** An invoice that asks for money. */
export async function openInvoice(
  stripe: Stripe,
  customer: string,
  amount: number,
  changes: Partial<Stripe.InvoiceCreateParams> = {},
): Promise<Stripe.Invoice> {
  const id = await draftOf(stripe, customer, amount, { auto_advance: false, ...changes });
  return stripe.invoices.finalizeInvoice(id);
}

/** Calls a route of the emulator that Stripe has not. */
export async function control(
  { url, secretKey }: Pick<TestStripe, "url" | "secretKey">,
  path: string,
  body?: object,
): Promise<Response> {
  return fetch(`${url}/_emulator/${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { Authorization: `Bearer ${secretKey}`, "Content-Type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

const DAY_S = 86_400;

export const advanceDays = (
  emulator: Pick<TestStripe, "url" | "secretKey">,
  days: number,
): Promise<Response> => control(emulator, "clock", { advance_seconds: days * DAY_S });
