/** The Stripe emulator's script and pages in a real browser. */
import { chromium, type Browser, type Page } from "@playwright/test";
import type { StripeConstructor } from "@stripe/stripe-js";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { expectNoBarriers } from "../e2e/support/accessibility.ts";
import { findBrowser } from "../support/browser/find.ts";
import { openShop } from "../support/shop.ts";
import { startTestStripe } from "../support/stripe.ts";
import { customerWith, openInvoice } from "../support/stripe-invoices.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch(await findBrowser());
});
afterAll(() => browser.close());

/** A new window, and what its pages complain of. */
async function openWindow(options: { readonly javaScriptEnabled?: boolean } = {}) {
  const context = await browser.newContext(options);
  onTestFinished(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on("console", (message) => {
    // A refused card is a 402, and the browser says so on its own.
    const isExpected = message.text().includes("status of 402");
    if (message.type() === "error" && !isExpected) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  return { page, complaints };
}

async function openCardForm(locale: string) {
  const { stripe, scriptUrl, publishableKey } = await startTestStripe();
  const { id: customer } = await stripe.customers.create();
  const { client_secret } = await stripe.setupIntents.create({ customer });
  const { page, complaints } = await openWindow();
  await page.goto(await openShop({ scriptUrl, publishableKey, clientSecret: client_secret ?? "", locale }));
  await page.waitForSelector("body[data-state=ready]");
  return { stripe, customer, page, complaints, secret: client_secret ?? "", key: publishableKey };
}

const LABELS = {
  en: ["Card number", "Expiration date (MM / YY)", "Security code (CVC)"],
  ja: ["カード番号", "有効期限（月 / 年）", "セキュリティコード（CVC）"],
} as const;

/** Types a card into the frame, finding its fields as people do. */
async function type(page: Page, number: string, language: keyof typeof LABELS = "en") {
  const frame = page.frameLocator("#card iframe");
  const [numberLabel, expiryLabel, cvcLabel] = LABELS[language];
  await frame.getByLabel(numberLabel).fill(number);
  await frame.getByLabel(expiryLabel).fill("1240");
  await frame.getByLabel(cvcLabel).fill("123");
}

async function save(page: Page, until: RegExp): Promise<string> {
  await page.getByRole("button", { name: "Save" }).click();
  await page.locator("output").filter({ hasText: until }).waitFor();
  return page.locator("output").innerText();
}

test("a card is saved in the page, which never sees its number", async () => {
  const { stripe, customer, page, complaints } = await openCardForm("en");
  await expectNoBarriers(page);
  await type(page, "4242424242424242");
  await page.waitForSelector("body[data-complete=true]");
  const result = await save(page, /^\w/);
  const [card] = (await stripe.customers.listPaymentMethods(customer)).data;
  expect(result).toBe(`succeeded ${card?.id ?? ""}`);
  await expect(page.evaluate(() => (window.frames[0] ?? window).document.title)).rejects.toThrow(
    /cross-origin/i,
  );
  expect(complaints).toEqual([]);
});

test("what is wrong with a card is said in the frame and to the page, in Japanese too", async () => {
  const { page, complaints } = await openCardForm("ja");
  const frame = page.frameLocator("#card iframe");
  expect(await save(page, /:/)).toBe("incomplete_number: カード番号に不備があります。");
  await type(page, "4000000000000002", "ja");
  expect(await save(page, /declined/)).toBe("card_declined: カードが拒否されました。");
  expect(await frame.getByRole("alert").innerText()).toBe("カードが拒否されました。");
  await type(page, "4242424242424242", "ja");
  expect(await save(page, /succeeded/)).toMatch(/^succeeded pm_/);
  expect(complaints).toEqual([]);
});

test("with 3-D Secure the bank's page stands over the form until it has its answer", async () => {
  const { page, complaints } = await openCardForm("en");
  const bank = page.getByRole("dialog").frameLocator("iframe");
  await type(page, "4000002760003184");
  await page.getByRole("button", { name: "Save" }).click();
  await bank.getByRole("button", { name: "Fail authentication" }).click();
  await page.locator("output").filter({ hasText: "setup_intent_authentication_failure" }).waitFor();
  await page.getByRole("button", { name: "Save" }).click();
  await bank.getByRole("button", { name: "Complete authentication" }).click();
  await page
    .locator("output")
    .filter({ hasText: /^succeeded pm_/ })
    .waitFor();
  expect(complaints).toEqual([]);
});

test("the script does what the types of Stripe's say, without an element too", async () => {
  const { page, complaints, secret, key } = await openCardForm("en");
  const results = await page.evaluate(
    async ([publishableKey, clientSecret]) => {
      // The script puts it there; the types are those of Stripe's own loader.
      const { Stripe } = window as unknown as { Stripe: StripeConstructor };
      const stripe = Stripe(publishableKey, { locale: "en" });
      const before = await stripe.retrieveSetupIntent(clientSecret);
      const wrong = await stripe.retrieveSetupIntent(`${clientSecret}x`);
      const declined = await stripe.confirmCardSetup(clientSecret, {
        payment_method: "pm_card_chargeDeclined",
      });
      const waiting = await stripe.confirmCardSetup(
        clientSecret,
        { payment_method: "pm_card_authenticationRequired" },
        { handleActions: false },
      );
      void stripe.handleNextAction({ clientSecret }).then(({ setupIntent }) => {
        document.body.dataset["handled"] = setupIntent?.status ?? "no";
      });
      return [
        before.setupIntent?.status,
        wrong.error?.code,
        declined.error?.decline_code,
        waiting.setupIntent?.status,
      ];
    },
    [key, secret] as const,
  );
  expect(results).toEqual([
    "requires_payment_method",
    "setup_intent_invalid_parameter",
    "generic_decline",
    "requires_action",
  ]);
  const bank = page.getByRole("dialog").frameLocator("iframe");
  await bank.getByRole("button", { name: "Complete authentication" }).click();
  await page.waitForSelector("body[data-handled=succeeded]");
  // Refused calls are answered with 4xx, and the browser says so on its own.
  expect(complaints.filter((complaint) => !complaint.includes("status of 4"))).toEqual([]);
});

test("whoever is to come back comes back, with what the page has to know", async () => {
  const { page, secret, key } = await openCardForm("en");
  const leaving = page.waitForURL(/\/back\?/);
  await page.evaluate(
    ([publishableKey, clientSecret]) => {
      // As above.
      const { Stripe } = window as unknown as { Stripe: StripeConstructor };
      const confirmParams = { return_url: `${location.origin}/back`, payment_method: "pm_card_visa" };
      void Stripe(publishableKey).confirmSetup({ clientSecret, confirmParams });
    },
    [key, secret] as const,
  );
  await leaving;
  const { searchParams } = new URL(page.url());
  expect(searchParams.get("setup_intent_client_secret")).toBe(secret);
  expect(searchParams.get("redirect_status")).toBe("succeeded");
});

test("an invoice and the bank's page are for everybody", async () => {
  const { stripe } = await startTestStripe();
  const customer = await customerWith(stripe, "pm_card_authenticationRequired");
  const { id, hosted_invoice_url } = await openInvoice(stripe, customer, 1_000);
  await stripe.invoices.pay(id).catch(() => undefined);
  const { page, complaints } = await openWindow();
  await page.goto(hosted_invoice_url ?? "");
  await expectNoBarriers(page);
  await page.getByRole("link", { name: "Complete authentication" }).click();
  await expectNoBarriers(page);
  await page.getByRole("button", { name: "Complete authentication" }).click();
  await page.waitForURL(hosted_invoice_url ?? "");
  expect((await stripe.invoices.retrieve(id)).status).toBe("paid");
  expect(complaints).toEqual([]);
});

test("the checkout page is one for everybody, and works without JavaScript", async () => {
  const { stripe, scriptUrl, publishableKey } = await startTestStripe();
  const shop = await openShop({ scriptUrl, publishableKey, clientSecret: "", locale: "en" });
  const wish = { mode: "setup", currency: "usd", success_url: `${shop}back?{CHECKOUT_SESSION_ID}` } as const;
  const { id, url } = await stripe.checkout.sessions.create({ ...wish, cancel_url: shop });
  const { page: seen } = await openWindow();
  await seen.goto(url ?? "");
  await expectNoBarriers(seen);
  const { page } = await openWindow({ javaScriptEnabled: false });
  await page.goto(url ?? "");
  await page.getByLabel("Card number").fill("4000002500003155");
  await page.getByLabel("Expiration date").fill("12/40");
  await page.getByLabel("Security code").fill("123");
  await page.getByRole("button", { name: "Save card" }).click();
  await page.getByRole("button", { name: "Complete authentication" }).click();
  await page.waitForURL(`${shop}back?${id}`);
  expect((await stripe.checkout.sessions.retrieve(id)).status).toBe("complete");
});
