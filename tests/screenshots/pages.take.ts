/** `make screenshots`: every state of every page, for people to look at. Files: state.size.theme.language.png */
import { rm } from "node:fs/promises";
import { pageStates, type PageState } from "../e2e/support/pages.ts";
import { test } from "../e2e/support/test.ts";
import { DESKTOP, PHONE } from "../e2e/support/viewports.ts";

const FOLDER = "screenshots";
const sizes = { phone: PHONE, desktop: DESKTOP };
const themes = ["light", "dark"] as const;
const languages = ["en", "ja"] as const;

interface Variant {
  readonly size: keyof typeof sizes;
  readonly theme: (typeof themes)[number];
  readonly language: (typeof languages)[number];
  readonly hasScripts: boolean;
}

const keysOf = <T extends object>(record: T) => Object.keys(record) as (keyof T)[];

const variants: readonly Variant[] = [
  ...keysOf(sizes).flatMap((size) =>
    themes.flatMap((theme) => languages.map((language) => ({ size, theme, language, hasScripts: true }))),
  ),
  { size: "desktop", theme: "light", language: "en", hasScripts: false },
];

const nameOf = ({ name }: PageState, { size, theme, language, hasScripts }: Variant) =>
  [name, size, theme, language, ...(hasScripts ? [] : ["no-script"]), "png"].join(".");

for (const variant of variants) {
  const { size, theme, language, hasScripts } = variant;
  test.describe(`${size} ${theme} ${language}${hasScripts ? "" : " without scripts"}`, () => {
    test.use({
      // A picture of the whole page is taken in a window as high as it, which moves everything.
      mostShift: Infinity,
      viewport: sizes[size],
      colorScheme: theme,
      language,
      javaScriptEnabled: hasScripts,
    });
    for (const state of pageStates) {
      test(state.name, async ({ page, open }) => {
        const path = `${FOLDER}/${nameOf(state, variant)}`;
        await rm(path, { force: true });
        await open(state);
        await page.screenshot({ path, fullPage: true, animations: "disabled" });
      });
    }
  });
}
