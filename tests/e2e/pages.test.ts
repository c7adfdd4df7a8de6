/** Every page is for everybody: axe in both themes, on a phone as on a desk, in both languages. */
import { expectNoBarriers, expectToFit } from "./support/accessibility.ts";
import { pageStates } from "./support/pages.ts";
import { test } from "./support/test.ts";
import { DESKTOP, PHONE } from "./support/viewports.ts";

const settings = [
  { name: "on a desk in English", viewport: DESKTOP, language: "en" as const },
  { name: "on a phone in Japanese", viewport: PHONE, language: "ja" as const },
];

for (const { name, viewport, language } of settings) {
  test.describe(name, () => {
    test.use({ viewport, language });
    for (const state of pageStates) {
      test(`${state.name} has no barriers and fits`, async ({ page, open }) => {
        await open(state);
        await expectToFit(page);
        await expectNoBarriers(page);
      });
    }
  });
}
