import type { Language } from "../../server/trpc/portal-context.ts";

export type { Language };

/** Texts in every language of the portal. */
export type Translated<Texts> = Readonly<Record<Language, Texts>>;

/** The same texts in each language: what English says, Japanese must say too, or it does not compile. */
export const translated = <Texts>(texts: {
  readonly en: Texts;
  readonly ja: NoInfer<Texts>;
}): Translated<Texts> => texts;

/** English has two forms of a counted thing. */
export const counted = (one: string, other: string) => (count: number, shown: string) =>
  (new Intl.PluralRules("en").select(count) === "one" ? one : other).replace("#", shown);
