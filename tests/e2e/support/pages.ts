/** Every page and every state of it that is worth a look: what is checked for barriers, and what is photographed. */
import type { Page } from "@playwright/test";

export interface PageState {
  /** Speaking, for files and for the titles of tests. */
  readonly name: string;
  readonly path: string;
  /** Brings the page from how it loads to the state in question; it must work without JavaScript too. */
  readonly reach?: (page: Page) => Promise<void>;
}

const pressCast = (page: Page) => page.locator("#try button[type=submit]").click();

/** What anybody can see. */
export const publicPages: readonly PageState[] = [
  { name: "home", path: "/" },
  {
    name: "home-with-a-cast",
    path: "/",
    reach: async (page) => {
      await pressCast(page);
      await page.locator("[role=status] dl, [role=status] table").first().waitFor();
    },
  },
  {
    name: "home-refused",
    path: "/",
    reach: async (page) => {
      // Not empty, which the browser would refuse by itself.
      await page.locator("#text").fill("  ");
      await pressCast(page);
      await page.getByRole("alert").waitFor();
    },
  },
  { name: "docs", path: "/docs" },
  { name: "docs-errors", path: "/docs/errors" },
  { name: "docs-error", path: "/docs/errors/budget_exceeded" },
  { name: "missing-page", path: "/nowhere" },
];
