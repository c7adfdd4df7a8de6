/** The words in which fields are described. */
export const schemaWords = {
  locale: "en",
  any: "any JSON value",
  or: " or ",
  arrayOf: (type: string) => `array of ${type}`,
  oneOf: "one of",
  atLeast: "at least",
  atMost: "at most",
  range: (low: string, high: string) => (low === high ? low : `${low} to ${high}`),
  characters: (count: string) => `${count} characters`,
  items: (count: string) => `${count} items`,
  matches: "matches",
  byDefault: "by default",
  each: (note: string) => `each ${note}`.trimEnd(),
};

export type SchemaWords = typeof schemaWords;
