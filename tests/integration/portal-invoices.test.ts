/** Invoices on the billing page, and what all pages say when one could not be collected. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { formatsOf } from "../../app/language/formats.ts";
import { castWithCard, makeCaster, startTestBilling, type TestBilling } from "../support/billing.ts";
import { sendForm, visitPage } from "../support/browser-form.ts";
import { publishSamples } from "../support/spells.ts";
import type { Person } from "../support/web.ts";

let billing: TestBilling;
beforeAll(async () => {
  billing = await startTestBilling();
  await publishSamples(billing.web.platform, "echo");
});
afterAll(() => billing.close());

const PATH = "/dashboard/billing";
const visit = (person: Person, path = PATH, language = "en") =>
  visitPage(billing.web, person, path, language);
/** A removal makes out an invoice at once. */
const remove = (person: Person) => sendForm(billing.web, person, `${PATH}/card/remove`);
const thisMonth = () => new Date().toISOString().slice(0, 7);

test("who has no invoice is told when there will be one", async () => {
  const person = await billing.web.person({ hasCard: false });
  expect((await visit(person)).text).toContain("There are no invoices yet.");
  expect((await visit(person, PATH, "ja")).text).toContain("請求書はまだありません。");
});

test("an invoice says what is due, for what, and whether it is paid", async () => {
  const person = await makeCaster(billing, "pm_card_visa", 60);
  expect((await remove(person)).status).toBe(303);
  const { text } = await visit(person);
  const month = formatsOf("en").month(`${thisMonth()}-01`);
  for (const shown of [
    `>${month}</h3>`,
    ">$0.60</span>",
    "exactly $0.60",
    `Paid on ${formatsOf("en").day(new Date().toISOString())}`,
    `aria-label="See at Stripe: ${month}"`,
    `aria-label="PDF: ${month}"`,
    `href="${billing.emulator.url}/`,
    `href="/dashboard/casts?spell=echo&amp;from=${thisMonth()}-01&amp;to=${thisMonth()}-`,
    '<td class="figure">60</td><td class="figure">$0.60</td>',
  ])
    expect(text).toContain(shown);
  expect((await visit(person, PATH, "ja")).text).toContain("に支払い済み");
  const line = /\/dashboard\/casts\?spell=[^"]*/.exec(text)?.[0].replaceAll("&amp;", "&") ?? "";
  expect((await visit(person, line)).text).toContain("echo");
  // Nothing is owed: no page says that something is.
  expect(text).not.toContain("A payment failed");
});

test("until a failed payment is made, every page says so, and shows the ways out", async () => {
  const person = await makeCaster(billing, "pm_card_chargeCustomerFail", 60);
  expect((await remove(person)).status).toBe(402);
  const month = formatsOf("en").month(`${thisMonth()}-01`);
  for (const path of ["/dashboard", PATH, "/dashboard/casts"]) {
    const { text } = await visit(person, path);
    expect(text).toContain("A payment failed");
    expect(text).toContain(`Pay $0.60 for ${month}`);
    expect(text).toContain(`href="${PATH}#card"`);
  }
  expect((await visit(person, "/dashboard", "ja")).text).toContain("お支払いに失敗しました");
  const { text } = await visit(person);
  expect(text).toContain("Payment failed");
  expect(text).toContain("Pay at Stripe");
});

test("what is too little to collect is carried on, and older invoices are on the next page", async () => {
  const person = await billing.web.person({ hasCard: false });
  for (let part = 1; part <= 13; part += 1) {
    await castWithCard(billing, person, "pm_card_visa", 1);
    await remove(person);
  }
  const { text } = await visit(person);
  expect(text).toContain("Nothing to pay: $0.13 is carried over");
  expect(text).toContain("Carried over to the next invoice");
  expect(text).toContain(", part 13</h3>");
  expect(text).not.toContain("Nothing to pay: $0.01");
  const next = /href="[^"]*\?(cursor=[^"]+)"/.exec(text)?.[1] ?? "";
  const older = (await visit(person, `${PATH}?${next}`)).text;
  expect(older).toContain("Nothing to pay: $0.01 is carried over");
  expect(older).toContain("Newest invoices");
});

test("a cursor that no list gave is refused on the page", async () => {
  const person = await billing.web.person({ hasCard: false });
  const { status, text } = await visit(person, `${PATH}?cursor=nonsense`);
  expect([status, text.includes('id="invoices-problem"')]).toEqual([200, true]);
});
