import { translated } from "../language/translated.ts";

/** The words in which fields are described. */
export interface SchemaWords {
  readonly locale: string;
  readonly any: string;
  readonly or: string;
  readonly arrayOf: (type: string) => string;
  readonly oneOf: string;
  readonly atLeast: string;
  readonly atMost: string;
  readonly range: (low: string, high: string) => string;
  readonly characters: (count: string) => string;
  readonly items: (count: string) => string;
  readonly matches: string;
  readonly byDefault: string;
  /** A note on each item of a list. */
  readonly each: (note: string) => string;
}

export const schemaWords = translated<SchemaWords>({
  en: {
    locale: "en",
    any: "any JSON value",
    or: " or ",
    arrayOf: (type) => `array of ${type}`,
    oneOf: "one of",
    atLeast: "at least",
    atMost: "at most",
    range: (low, high) => (low === high ? low : `${low} to ${high}`),
    characters: (count) => `${count} characters`,
    items: (count) => `${count} items`,
    matches: "matches",
    byDefault: "by default",
    each: (note) => `each ${note}`.trimEnd(),
  },
  ja: {
    locale: "ja",
    any: "任意の JSON",
    or: " または ",
    arrayOf: (type) => `${type} の配列`,
    oneOf: "次のいずれか：",
    atLeast: "最小",
    atMost: "最大",
    range: (low, high) => (low === high ? low : `${low}〜${high}`),
    characters: (count) => `${count} 文字`,
    items: (count) => `${count} 件`,
    matches: "形式：",
    byDefault: "既定値",
    each: (note) => `各要素 ${note}`.trimEnd(),
  },
});
