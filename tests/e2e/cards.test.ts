/** Cards in the hands of people: every test card of Stripe's, the bank's question, removal, and a payment that fails. */
import { declineText } from "../../app/problems/decline.messages.ts";
import { giveCard } from "./support/cards.ts";
import { DEAR_SPELL } from "./support/dear-spell.ts";
import { expect, test, type Person } from "./support/test.ts";
import { DESKTOP, PHONE } from "./support/viewports.ts";

const GOOD = "4242424242424242";
const ASKED_BY_BANK = "4000002760003184";
const FAILS_LATER = "4000000000000341";
const DECLINED = [
  ["4000000000000002", "generic_decline"],
  ["4000000000009995", "insufficient_funds"],
  ["4000000000000069", "expired_card"],
  ["4000000000000127", "incorrect_cvc"],
  ["4000000000000119", "processing_error"],
] as const;

const readers = [
  { language: "en", viewport: DESKTOP },
  { language: "ja", viewport: PHONE },
] as const;

for (const { language, viewport } of readers) {
  test.describe(`in ${language}`, () => {
    test.use({ language, viewport });

    test("each card that is declined says why, and then a good one is taken in the same form", async ({
      page,
      portal,
      person,
    }) => {
      await portal.beginCard();
      for (const [number, code] of DECLINED) {
        await portal.sendCard(number);
        await expect(page.getByRole("alert")).toHaveText(declineText(language, code));
      }
      await portal.sendCard(GOOD);
      await expect(portal.cardOnFile("Visa", "4242")).toBeVisible();
      expect((await person.call("GET", "/v1/budgets")).body).toMatchObject({ hard_limit_cents: 5_000 });
    });
  });
}

/** Has somebody spend more than half of $100 with the card they have. */
async function spend(person: Person): Promise<void> {
  const limit = { period: "monthly", hard_limit_cents: 10_000 };
  expect((await person.call("POST", "/v1/budgets", { body: limit })).status).toBe(201);
  const body = { spell_name: DEAR_SPELL.name, payload: "dear" };
  expect((await person.call("POST", "/v1/cast", { body })).status).toBe(200);
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with scripts" : "without scripts", () => {
    test.use({ javaScriptEnabled });

    test("a bank that asks is answered, and a card it does not know stays away", async ({
      portal,
      person,
    }) => {
      await portal.beginCard();
      await portal.sendCard(ASKED_BY_BANK);
      await portal.bank.getByRole("button", { name: "Fail authentication" }).click();
      // Ours, or without scripts that of Stripe's page.
      await expect(portal.page.getByRole("alert")).toContainText(/could not confirm|unable to authenticate/);
      expect((await person.call("GET", "/v1/billing/payment-method")).status).toBe(404);
      await portal.sendCard(ASKED_BY_BANK);
      await portal.bank.getByRole("button", { name: "Complete authentication" }).click();
      await expect(portal.cardOnFile("Visa", "3184")).toBeVisible();
    });

    test("a card takes the place of the one before", async ({ portal, person, stack }) => {
      await giveCard(stack, person.sessionToken);
      await portal.registerCard("378282246310005");
      await expect(portal.cardOnFile("American Express", "0005")).toBeVisible();
      await expect(portal.cardOnFile("Visa", "4242")).toHaveCount(0);
    });

    test("a card is removed after a question, and what was owed is paid", async ({
      page,
      portal,
      person,
      stack,
    }) => {
      await giveCard(stack, person.sessionToken);
      await spend(person);
      await portal.removeCard();
      await expect(page.getByText(portal.text.billing.saved.removed)).toBeVisible();
      await expect(page.getByText(portal.text.card.none)).toBeVisible();
      const invoices = page.locator("#invoices");
      await expect(invoices.getByText("$60.00", { exact: true }).first()).toBeVisible();
      await invoices.getByText(portal.text.invoices.details).click();
      await page.getByRole("link", { name: DEAR_SPELL.name }).click();
      await expect(page).toHaveURL(/\/dashboard\/casts\?spell=dear-echo&from=/);
      await expect(page.getByRole("row", { name: DEAR_SPELL.name })).toHaveCount(1);
    });

    test("while a payment has failed every page says so, and leads to where it is paid", async ({
      page,
      portal,
      person,
    }) => {
      const { overdue } = portal.text.invoices;
      await portal.registerCard(FAILS_LATER);
      await spend(person);
      await portal.removeCard();
      await expect(page.getByText(portal.text.card.removal.stays)).toBeVisible();
      await page.goto("/dashboard");
      const banner = page.getByRole("region", { name: overdue.heading });
      await banner.getByRole("link", { name: overdue.change }).click();
      await expect(portal.cardOnFile("Visa", "0341")).toBeVisible();
      await banner.getByRole("link", { name: /\$60\.00/ }).click();
      await page.locator("input[name=number]").fill(GOOD);
      await page.locator("input[name=expiry]").fill("12 / 40");
      await page.locator("input[name=cvc]").fill("123");
      await page.getByRole("button", { name: "Pay", exact: true }).click();
      await expect(page.getByRole("button", { name: "Pay", exact: true })).toHaveCount(0);
      // Stripe tells us a moment later.
      await expect(async () => {
        await page.goto("/dashboard/billing");
        await expect(banner).toHaveCount(0, { timeout: 1_000 });
      }).toPass();
      await expect(page.locator("#invoices").getByText(/^Paid on/)).toBeVisible();
    });
  });
}
