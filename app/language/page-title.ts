import type { MetaFunction } from "@remix-run/node";
import type { Language, Translated } from "./translated.ts";

/** The root loader's answer, as far as titles need it; it is missing where that loader failed. */
function languageOf(matches: readonly { readonly id: string; readonly data?: unknown }[]): Language {
  const root = matches.find(({ id }) => id === "root")?.data;
  return typeof root === "object" && root !== null && "language" in root && root.language === "ja"
    ? "ja"
    : "en";
}

interface Titled {
  readonly title: string;
  readonly description?: string;
}

/** A page's `meta`: its title, and what search engines show below it. */
export const pageTitle =
  (messages: Translated<Titled>): MetaFunction =>
  ({ matches }) => {
    const { title, description } = messages[languageOf(matches)];
    return [
      { title: `${title} · Spell Platform` },
      ...(description === undefined ? [] : [{ name: "description", content: description }]),
    ];
  };
