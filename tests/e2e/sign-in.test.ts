/** Ways in, ways that end at the door, and the way out. */
import { messages as frameMessages } from "../../app/routes/dashboard.messages.ts";
import { expect, test } from "./support/test.ts";

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with scripts" : "without scripts", () => {
    test.use({ javaScriptEnabled });

    test("who comes from a page of their own is led back to it, and out again", async ({
      page,
      portal,
      newLogin,
    }) => {
      await portal.signIn(newLogin);
      await page.context().clearCookies();
      await page.goto("/dashboard/billing");
      await portal.goToGithub();
      await portal.beAtGithub(newLogin);
      await page.waitForURL("**/dashboard/billing");
      await portal.button(frameMessages.en.signOut).click();
      await page.waitForURL(/\/$/);
      await page.goto("/dashboard");
      await expect(page).toHaveURL(/\/login\?/);
    });

    test("who declines at GitHub is told so, and nothing is left", async ({ page, portal }) => {
      await page.goto("/login");
      await portal.goToGithub();
      await portal.button("Cancel").click();
      await expect(page.getByRole("alert")).toHaveText(portal.text.login.problems.declined);
      expect((await page.context().cookies()).map(({ name }) => name)).not.toContain("spell_session");
    });

    test("an address that is not verified opens no account", async ({ page, portal }) => {
      await page.goto("/login");
      await portal.goToGithub();
      await page.getByRole("button", { name: "unverified" }).click();
      await expect(page.getByRole("alert")).toHaveText(portal.text.login.problems.email);
    });
  });
}
