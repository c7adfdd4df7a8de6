/** Every page is for everybody: axe in both themes, on a phone as on a desk, in both languages. */
import { expectNoBarriers, expectToFit } from "./support/accessibility.ts";
import { publicPages } from "./support/pages.ts";
import { test } from "./support/test.ts";
import { DESKTOP, PHONE } from "./support/viewports.ts";

const settings = [
  { name: "on a desk in English", viewport: DESKTOP, locale: "en-US" },
  { name: "on a phone in Japanese", viewport: PHONE, locale: "ja-JP" },
];

for (const { name, viewport, locale } of settings) {
  test.describe(name, () => {
    test.use({ viewport, locale });
    for (const state of publicPages) {
      test(`${state.name} has no barriers and fits`, async ({ page }) => {
        await page.goto(state.path);
        await state.reach?.(page);
        await expectToFit(page);
        await expectNoBarriers(page);
      });
    }
  });
}
