import { expect, test } from "vitest";
import { startTestStripe } from "../../../tests/support/stripe.ts";
import { openInvoice } from "../../../tests/support/stripe-invoices.ts";

const CARD = { number: "4242424242424242", expiry: "12/40", cvc: "123" };

const pay = (url: string, changes: Partial<typeof CARD> = {}) =>
  fetch(url, { method: "POST", redirect: "manual", body: new URLSearchParams({ ...CARD, ...changes }) });

async function open() {
  const { stripe } = await startTestStripe();
  const { id: customer } = await stripe.customers.create({ name: "Ada <b>" });
  const invoice = await openInvoice(stripe, customer, 1_234);
  return { stripe, invoice, url: invoice.hosted_invoice_url ?? "", pdfUrl: invoice.invoice_pdf ?? "" };
}

test("an open invoice is shown with its lines and can be paid there with a card", async () => {
  const { stripe, invoice, url } = await open();
  const page = await (await fetch(url)).text();
  expect(page).toContain("$12.34");
  expect(page).toContain("Casts");
  expect(page).toContain("Ada &lt;b&gt;");
  const declined = await pay(url, { number: "4000000000009995" });
  expect([declined.status, await declined.text()]).toEqual([
    422,
    expect.stringContaining("insufficient funds"),
  ]);
  expect((await pay(url)).status).toBe(303);
  expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({ status: "paid", attempt_count: 1 });
  expect(await (await fetch(url)).text()).not.toContain("Pay this invoice");
  expect((await pay(url)).status).toBe(303);
});

test("the page is in Japanese for those who read it, and nobody's who does not know its address", async () => {
  const { invoice, url } = await open();
  const japanese = await fetch(url, { headers: { "Accept-Language": "ja" } });
  expect(await japanese.text()).toContain("お支払い額");
  expect((await fetch(`${new URL(url).origin}/i/${invoice.id}/guess`)).status).toBe(404);
});

test("the PDF is one, with what is due in it", async () => {
  const { pdfUrl } = await open();
  const response = await fetch(pdfUrl);
  expect(response.headers.get("Content-Type")).toBe("application/pdf");
  const text = await response.text();
  expect(text.startsWith("%PDF-1.4")).toBe(true);
  expect(text).toContain("(Amount due: $12.34) Tj");
  const start = Number(/startxref\n(\d+)/.exec(text)?.[1]);
  expect(text.slice(start, start + 4)).toBe("xref");
});
