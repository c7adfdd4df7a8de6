/** Cards on the billing page, as browsers without JavaScript use it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { beginSetup, makeCaster, setUpCard, startTestBilling, type TestBilling } from "../support/billing.ts";
import { runJobs } from "../support/jobs.ts";
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
const newPerson = () => billing.web.person({ hasCard: false });
const visit = (person: Person, path = PATH, language = "en") =>
  visitPage(billing.web, person, path, language);
const begin = (person: Person) => sendForm(billing.web, person, `${PATH}/card`);

/** Types a card into Stripe's page. Gives where that leads, as a path of ours. */
async function giveCard(checkoutUrl: string, number: string): Promise<string> {
  const body = new URLSearchParams({ number, expiry: "12 / 40", cvc: "123" });
  const answer = await fetch(checkoutUrl, { method: "POST", body, redirect: "manual" });
  const target = new URL(answer.headers.get("Location") ?? "");
  return target.pathname + target.search;
}

test("a card is given on Stripe's page, and is on file with a limit of $50 when its person is back", async () => {
  const person = await newPerson();
  const before = (await visit(person)).text;
  expect(before).toContain("No card is on file.");
  expect(before).toContain("With one, your limit is $50.00 a month unless you choose another");
  const { status, location } = await begin(person);
  expect([status, location?.startsWith(billing.emulator.url)]).toEqual([303, true]);
  const back = await giveCard(location ?? "", "378282246310005");
  for (const _twice of [1, 2])
    expect(await visit(person, back)).toMatchObject({ status: 302, location: `${PATH}?saved=card` });
  const page = (await visit(person, `${PATH}?saved=card`)).text;
  expect(page).toContain("Your card is on file.");
  expect(page).toContain("American Express ending in 0005");
  expect(page).toContain("Expires 12/2040");
  expect(page).toContain("In force: $50.00 a month.");
  expect(page).toContain("Replace the card");
  expect((await visit(person, PATH, "ja")).text).toContain("American Express（末尾 0005）");
});

test("who leaves Stripe's page without a card finds all as it was", async () => {
  const person = await newPerson();
  const { location } = await begin(person);
  const { cancel_url: back } = await billing.stripe.checkout.sessions.retrieve(
    /\/(cs_\w+)/.exec(location ?? "")?.[1] ?? "",
  );
  expect(back).toBe(`http://localhost:3000${PATH}`);
  expect((await visit(person)).text).toContain("No card is on file.");
});

test("back from the bank of Stripe's script, the card is on file", async () => {
  const person = await newPerson();
  const id = await setUpCard(billing, person, "pm_card_mastercard");
  const answer = await visit(person, `${PATH}?setup_intent=${id}&redirect_status=succeeded`);
  expect(answer).toMatchObject({ status: 302, location: `${PATH}?saved=card` });
  expect((await visit(person)).text).toContain("Mastercard ending in 4444");
});

test.each([
  ["pm_card_chargeDeclined", "Your card was declined. Try another card, or ask your bank."],
  ["pm_card_chargeDeclinedInsufficientFunds", "There is not enough money on this card."],
  ["pm_card_chargeDeclinedExpiredCard", "Your card has expired."],
  ["pm_card_chargeDeclinedIncorrectCvc", "The security code does not belong to this card."],
  ["pm_card_chargeDeclinedProcessingError", "Your card could not be checked at this moment."],
])("%s: the page says why, and nothing is on file", async (method, sentence) => {
  const person = await newPerson();
  const id = await beginSetup(billing, person);
  await expect(billing.stripe.setupIntents.confirm(id, { payment_method: method })).rejects.toThrow();
  const { status, text } = await visit(person, `${PATH}?setup_intent=${id}&redirect_status=failed`);
  expect(status).toBe(200);
  expect(text).toContain(sentence);
  expect(text).toContain("No card is on file.");
});

const remove = (person: Person) => sendForm(billing.web, person, `${PATH}/card/remove`);

test("a removal asks first, collects what is owed, and says that the card is gone", async () => {
  const person = await makeCaster(billing, "pm_card_visa", 60);
  expect((await visit(person)).text).toContain(`href="${PATH}/card/remove"`);
  const question = (await visit(person, `${PATH}/card/remove`)).text;
  expect(question).toContain("Remove the card?");
  expect(question).toContain("is collected from it now");
  expect(question).toContain("After that you can spend $1.00 a month");
  expect((await visit(person, `${PATH}/card/remove`, "ja")).text).toContain("カードを削除しますか？");
  for (const _twice of [1, 2])
    expect(await remove(person)).toMatchObject({ status: 303, location: `${PATH}?saved=removed` });
  const page = (await visit(person, `${PATH}?saved=removed`)).text;
  expect(page).toContain("The card is removed.");
  expect(page).toContain("No card is on file.");
});

test("a card that does not pay stays, and the page says why", async () => {
  const person = await makeCaster(billing, "pm_card_chargeCustomerFail", 60);
  const { status, text } = await remove(person);
  expect(status).toBe(402);
  expect(text).toContain("Your card was declined. Try another card, or ask your bank.");
  expect(text).toContain("What you owe could not be collected, so the card stays on file.");
  expect((await visit(person)).text).toContain("Visa ending in 0341");
});

test("while casts run the pages say what a removal waits for, until it is done", async () => {
  const person = await makeCaster(billing, "pm_card_visa", 60);
  const key = { key: person.apiKey };
  const queued = await billing.web.call("POST", "/v1/cast", {
    ...key,
    headers: { Prefer: "respond-async" },
    body: { spell_name: "echo", payload: 1 },
  });
  expect(await remove(person)).toMatchObject({ status: 303, location: `${PATH}?saved=settling` });
  const { text } = await visit(person, `${PATH}?saved=settling`);
  expect(text).toContain("The removal has begun.");
  expect(text).toContain("Visa ending in 4242");
  expect(text).toContain("This card is being removed. Casts still run");
  for (const control of ["Replace the card", "Remove the card", "Register a card"])
    expect(text).not.toContain(control);
  expect((await visit(person, PATH, "ja")).text).toContain("カードを削除しています。");
  // The question again, whose answer changes nothing.
  expect(await remove(person)).toMatchObject({ location: `${PATH}?saved=settling` });

  expect((await billing.web.call("DELETE", `/v1/casts/${queued.body.id}`, key)).status).toBe(204);
  await runJobs(billing.web);
  const after = (await visit(person, `${PATH}?saved=settling`)).text;
  expect(after).toContain("The card is removed.");
  expect(after).toContain("No card is on file.");
  expect(after).not.toContain("being removed");
  expect(after).toContain("Register a card");
});

test("another's set-up, and one that is none, are not taken", async () => {
  const [mine, theirs] = [await newPerson(), await newPerson()];
  const id = await setUpCard(billing, theirs);
  for (const query of [`setup_intent=${id}`, "setup_intent=nonsense", "checkout=", "checkout=cs_test_x"]) {
    const { status, text } = await visit(mine, `${PATH}?${query}`);
    expect(status).toBe(200);
    expect(text).toContain('role="alert"');
    expect(text).toContain("No card is on file.");
  }
});

test("whoever is signed out is led back to the card they have given", async () => {
  const { status, headers } = await billing.web.call("GET", `${PATH}?checkout=cs_test_1`);
  expect(status).toBe(302);
  expect(headers.get("Location")).toContain(encodeURIComponent(`${PATH}?checkout=cs_test_1`));
});

test("a form of another site leads nowhere", async () => {
  const { sessionToken } = await newPerson();
  const answer = await billing.web.call("POST", `${PATH}/card`, {
    headers: { Cookie: `spell_session=${sessionToken}`, Origin: "https://evil.example" },
  });
  expect(answer.status).toBe(403);
});
