/** Forms in the hands of people: sent twice, sent too late, left and come back to, open in two tabs. */
import { messages as frameMessages } from "../../app/routes/dashboard.messages.ts";
import { callApi } from "../support/web.ts";
import { Portal } from "./support/portal.ts";
import { expect, test, type Person } from "./support/test.ts";

async function keysOf(person: Person): Promise<unknown[]> {
  // GET /v1/keys answers a bare array.
  return JSON.parse((await person.call("GET", "/v1/keys")).text) as unknown[];
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with scripts" : "without scripts", () => {
    test.use({ javaScriptEnabled });

    test("a session that ends in the middle of a form costs a sign-in, and nothing that was typed", async ({
      page,
      portal,
      person,
    }) => {
      const { form } = portal.text.billing;
      await page.goto("/dashboard/billing");
      await page.getByLabel(form.hard).fill("123.45");
      expect((await person.call("POST", "/auth/logout")).status).toBe(204);
      await portal.button(form.save).click();
      await expect(page.getByRole("alert")).toHaveText(portal.text.login.problems.session);
      await portal.goToGithub();
      await portal.beAtGithub(person.login);
      await expect(page.getByLabel(form.hard)).toHaveValue("123.45");
    });

    test("a form of a key that is sent twice makes one key, and the one that is shown works", async ({
      page,
      portal,
      person,
      stack,
    }) => {
      await page.goto("/dashboard/api-keys");
      await page.getByLabel(portal.text.keys.fields.name, { exact: true }).fill("Twice");
      await portal.button(portal.text.keys.create.button).dblclick();
      await expect(portal.shownKey).toBeVisible();
      await page.waitForLoadState("networkidle");
      const key = await portal.shownKey.inputValue();
      expect(await keysOf(person)).toHaveLength(1);
      const body = { spell_name: "text-stats", payload: { text: "It works." } };
      expect((await callApi(stack.base_url, "POST", "/v1/cast", { key, body })).status).toBe(200);
    });

    test("who goes back to a new key does not find it, and makes no second one", async ({
      page,
      portal,
      person,
    }) => {
      const key = await portal.makeKey("Once");
      await page.goto("/dashboard");
      // A page that was the answer to a form is not asked for again by itself.
      await page.goBack().catch(() => null);
      await expect(portal.shownKey).toHaveCount(0);
      expect(await page.content()).not.toContain(key);
      expect(await keysOf(person)).toHaveLength(1);
    });

    test("signed out in one tab, the other is led to sign in and back to what was typed", async ({
      page,
      portal,
      person,
      context,
    }) => {
      const { fields, create } = portal.text.keys;
      await page.goto("/dashboard/api-keys");
      await page.getByLabel(fields.name, { exact: true }).fill("From the second tab");
      const other = new Portal(await context.newPage(), "en");
      await other.page.goto("/dashboard");
      await other.button(frameMessages.en.signOut).click();
      await other.page.waitForURL(/\/$/);
      await portal.button(create.button).click();
      await expect(page.getByRole("alert")).toHaveText(portal.text.login.problems.session);
      await portal.goToGithub();
      await portal.beAtGithub(person.login);
      await expect(page.getByLabel(fields.name, { exact: true })).toHaveValue("From the second tab");
    });

    test("the same form in two tabs is two forms", async ({ page, portal, person, context }) => {
      const other = new Portal(await context.newPage(), "en");
      await portal.makeKey("First tab");
      await other.makeKey("Second tab");
      expect(await keysOf(person)).toHaveLength(2);
      await page.goto("/dashboard/api-keys");
      await expect(page.getByRole("heading", { name: "Second tab", exact: true })).toBeVisible();
    });
  });
}
