/** The whole way from signing in and registering a card to the limit: with scripts, without them, and in Japanese on a phone. */
import { formatsOf } from "../../app/language/formats.ts";
import { callApi } from "../support/web.ts";
import { DEAR_SPELL } from "./support/dear-spell.ts";
import { expect, test } from "./support/test.ts";
import { DESKTOP, PHONE } from "./support/viewports.ts";

const readers = [
  { name: "with scripts", javaScriptEnabled: true, language: "en", viewport: DESKTOP },
  { name: "without scripts", javaScriptEnabled: false, language: "en", viewport: DESKTOP },
  { name: "in Japanese on a phone", javaScriptEnabled: true, language: "ja", viewport: PHONE },
] as const;

for (const { name, ...reader } of readers) {
  test.describe(name, () => {
    test.use(reader);

    test("a person registers a card, sets $100, makes a key, sees what it spends, and is stopped at the limit", async ({
      page,
      portal,
      stack,
      newLogin,
      context,
    }) => {
      const dollars = (amount: number) => formatsOf(reader.language).cents(amount * 100);
      await portal.signIn(newLogin);
      const sessionToken = (await context.cookies()).find((cookie) => cookie.name === "spell_session")?.value;
      const me = await callApi(stack.base_url, "GET", "/auth/me", { key: sessionToken ?? "" });
      expect(me.body).toMatchObject({ login: newLogin, language: reader.language });

      await portal.registerCard("4242424242424242");
      await expect(page.getByText(portal.text.billing.limit.monthly(dollars(50)))).toBeVisible();
      await portal.setLimit("100");
      const key = await portal.makeKey("Workshop");
      if (reader.javaScriptEnabled) {
        await context.grantPermissions(["clipboard-read", "clipboard-write"]);
        await portal.button(portal.text.keys.made.copy).click();
        await expect(page.getByText(portal.text.keys.made.copied)).toBeVisible();
        expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(key);
      }

      await page.goto("/dashboard");
      await expect(portal.spent).toHaveText(dollars(0));
      const cast = () =>
        callApi(stack.base_url, "POST", "/v1/cast", {
          key,
          body: { spell_name: DEAR_SPELL.name, payload: { hello: "world" } },
        });
      let documents = 0;
      page.on("domcontentloaded", () => (documents += 1));
      const first = await cast();
      expect(first.status, first.text).toBe(200);
      if (!reader.javaScriptEnabled) await page.reload();
      await expect(portal.spent).toHaveText(dollars(DEAR_SPELL.dollars));
      expect(documents, "with scripts the figure rises in the same document").toBe(
        reader.javaScriptEnabled ? 0 : 1,
      );
      await expect(page.getByRole("img", { name: dollars(DEAR_SPELL.dollars) })).toBeVisible();

      const second = await cast();
      expect(second.status).toBe(402);
      expect(second.body).toMatchObject({
        error: "budget_exceeded",
        hard_limit_cents: 10_000,
        spent_cents: 6_000,
        required_cents: 6_000,
      });
      await page.reload();
      await expect(portal.spent).toHaveText(dollars(DEAR_SPELL.dollars));
      await page.goto("/dashboard/billing");
      await expect(portal.cardOnFile("Visa", "4242")).toBeVisible();
    });
  });
}
