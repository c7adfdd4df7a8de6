import type { ErrorReference } from "../../server/trpc/portal-context.ts";
import type { Language } from "../language/translated.ts";
import { japaneseErrors, type ErrorText } from "./japanese-errors.ts";

/** An entry of the error pages, its sentences in the language of the page. */
export function errorIn(kind: ErrorReference, language: Language): ErrorReference {
  const japanese: Readonly<Record<string, ErrorText>> = japaneseErrors;
  return language === "ja" ? { ...kind, ...japanese[kind.error] } : kind;
}
