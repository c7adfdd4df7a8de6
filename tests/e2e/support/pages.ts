/** Every page and every state of it that is worth a look: what is checked for barriers, and what is photographed. */
import type { Portal } from "./portal.ts";
import type { Regular } from "./regular.ts";

export interface PageState {
  /** Speaking, for files and for the titles of tests. */
  readonly name: string;
  /** Who looks: nobody in particular, somebody who has just signed in for the first time, a regular, or who owes. */
  readonly reader: "visitor" | "newcomer" | "regular" | "debtor";
  readonly path: string | ((regular: Regular) => string);
  /** Brings the page from how it loads to the state in question; it must work without JavaScript too. */
  readonly reach?: (portal: Portal, newLogin: string) => Promise<void>;
}

const castOnHome = (portal: Portal) => portal.page.locator("#try button[type=submit]").click();
const see = (portal: Portal, role: "alert" | "status") =>
  portal.page.getByRole(role).filter({ hasText: /./ }).first().waitFor();

const publicPages: readonly PageState[] = [
  { name: "home", reader: "visitor", path: "/" },
  {
    name: "home-with-a-cast",
    reader: "visitor",
    path: "/",
    reach: async (portal) => {
      await castOnHome(portal);
      await see(portal, "status");
    },
  },
  {
    name: "home-refused",
    reader: "visitor",
    path: "/",
    reach: async (portal) => {
      // Not empty, which the browser would refuse by itself.
      await portal.page.locator("#text").fill("  ");
      await castOnHome(portal);
      await see(portal, "alert");
    },
  },
  { name: "docs", reader: "visitor", path: "/docs" },
  { name: "docs-errors", reader: "visitor", path: "/docs/errors" },
  { name: "docs-error", reader: "visitor", path: "/docs/errors/budget_exceeded" },
  { name: "missing-page", reader: "visitor", path: "/nowhere" },
  { name: "terms", reader: "visitor", path: "/legal/terms" },
  { name: "privacy", reader: "visitor", path: "/legal/privacy" },
  { name: "login", reader: "visitor", path: "/login" },
  { name: "login-declined", reader: "visitor", path: "/login?problem=declined" },
  {
    name: "welcome",
    reader: "visitor",
    path: "/login",
    reach: async (portal, newLogin) => {
      await portal.goToGithub();
      await portal.beAtGithub(newLogin);
      await portal.page.waitForURL("**/welcome");
    },
  },
];

const newcomersPages: readonly PageState[] = [
  { name: "overview-empty", reader: "newcomer", path: "/dashboard" },
  { name: "billing-without-a-card", reader: "newcomer", path: "/dashboard/billing" },
  {
    name: "billing-with-a-card-form",
    reader: "newcomer",
    path: "/dashboard/billing",
    reach: async (portal) => {
      await portal.beginCard();
      // Without scripts that is Stripe's page.
      await portal.page.locator("#card iframe, input[name=number]").first().waitFor();
    },
  },
  {
    name: "billing-with-a-declined-card",
    reader: "newcomer",
    path: "/dashboard/billing",
    reach: async (portal) => {
      await portal.beginCard();
      await portal.sendCard("4000000000000002");
      await see(portal, "alert");
    },
  },
  { name: "keys-empty", reader: "newcomer", path: "/dashboard/api-keys" },
  {
    name: "keys-with-a-new-one",
    reader: "newcomer",
    path: "/dashboard/api-keys",
    reach: async (portal) => {
      await portal.makeKey("Workshop");
    },
  },
  { name: "casts-empty", reader: "newcomer", path: "/dashboard/casts" },
];

const regularsPages: readonly PageState[] = [
  { name: "overview", reader: "regular", path: "/dashboard" },
  { name: "billing", reader: "regular", path: "/dashboard/billing" },
  {
    name: "billing-refused",
    reader: "regular",
    path: "/dashboard/billing",
    reach: async (portal) => {
      await portal.askForLimit("9999");
      await portal.page.locator("[aria-invalid=true]").first().waitFor();
    },
  },
  { name: "card-remove", reader: "regular", path: "/dashboard/billing/card/remove" },
  { name: "keys", reader: "regular", path: "/dashboard/api-keys" },
  {
    name: "key-change",
    reader: "regular",
    path: ({ keyPrefix }) => `/dashboard/api-keys/${keyPrefix}/change`,
  },
  {
    name: "key-rotate",
    reader: "regular",
    path: ({ keyPrefix }) => `/dashboard/api-keys/${keyPrefix}/rotate`,
  },
  {
    name: "key-revoke",
    reader: "regular",
    path: ({ keyPrefix }) => `/dashboard/api-keys/${keyPrefix}/revoke`,
  },
  { name: "grimoire", reader: "regular", path: "/dashboard/spells" },
  { name: "spell", reader: "regular", path: "/dashboard/spells/text-stats" },
  {
    name: "spell-with-a-cast",
    reader: "regular",
    path: "/dashboard/spells/text-stats",
    reach: async (portal) => {
      await portal.page.locator("main form textarea").first().fill("The quick brown fox.");
      await portal.page.locator("main form[action*=text-stats] button[type=submit]").click();
      await see(portal, "status");
    },
  },
  { name: "casts", reader: "regular", path: "/dashboard/casts" },
  { name: "cast", reader: "regular", path: ({ castId }) => `/dashboard/casts/${castId}` },
  { name: "settings", reader: "regular", path: "/dashboard/settings" },
];

const debtorsPages: readonly PageState[] = [
  { name: "overview-past-due", reader: "debtor", path: "/dashboard" },
  {
    name: "billing-past-due",
    reader: "debtor",
    path: "/dashboard/billing",
    reach: (portal) => portal.page.locator("#invoices summary").first().click(),
  },
];

export const pageStates: readonly PageState[] = [
  ...publicPages,
  ...newcomersPages,
  ...regularsPages,
  ...debtorsPages,
];
