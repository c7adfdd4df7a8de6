import { createContext, useContext } from "react";
import { formatsOf, type Formats } from "./formats.ts";
import type { Language, Translated } from "./translated.ts";

/** The language of this document. A change of it loads a new document. */
export const LanguageContext = createContext<Language>("en");
export const useLanguage = (): Language => useContext(LanguageContext);

/** The texts of a component in the language of the page. */
export const useText = <Texts,>(messages: Translated<Texts>): Texts => messages[useLanguage()];

/** How the language of the page writes money, numbers and times. */
export const useFormats = (): Formats => formatsOf(useLanguage());
