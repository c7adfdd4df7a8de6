import { afterAll, expect, test } from "vitest";
import { openSample } from "../tests/support/sample-spell.ts";

const textStats = await openSample("text-stats");
afterAll(() => textStats.close());

interface Stats {
  readonly words: number;
  readonly lines: number;
  readonly characters: number;
  readonly top: { word: string; count: number }[];
}

const statsOf = async (text: string) => JSON.parse(await textStats.text({ text })) as Stats;

/** An ideograph or a hiragana by itself, or a run of letters, digits and marks with apostrophes inside. */
const SINGLE = "[\\p{Script=Han}\\p{Script=Hiragana}]";
const PART = `(?:(?!${SINGLE}|\\p{Variation_Selector})[\\p{L}\\p{Nd}\\p{M}_])`;
const WORD = new RegExp(`${SINGLE}|${PART}+(?:['’]${PART}+)*`, "gu");

const byCodePoint = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** The same figures by Unicode's own properties: another way to the same answer. */
function reckon(text: string): Stats {
  const words = (text.match(WORD) ?? []).map((word) => word.replaceAll("’", "'").toLowerCase());
  const counts = Map.groupBy(words, (word) => word);
  const top = [...counts].map(([word, all]) => ({ word, count: all.length }));
  top.sort((a, b) => b.count - a.count || byCodePoint(a.word, b.word));
  return {
    words: words.length,
    lines: text.split("\n").length - (text === "" || text.endsWith("\n") ? 1 : 0),
    characters: Array.from(text).length,
    top: top.slice(0, 10),
  };
}

test("an empty text has nothing", async () => {
  expect(await statsOf("")).toEqual({ words: 0, lines: 0, characters: 0, top: [] });
});

test("words are counted in lower case, the most frequent first", async () => {
  expect(await statsOf("The cat and the dog.\nThe END\n")).toEqual({
    words: 7,
    lines: 2,
    characters: 29,
    top: [
      { word: "the", count: 3 },
      { word: "and", count: 1 },
      { word: "cat", count: 1 },
      { word: "dog", count: 1 },
      { word: "end", count: 1 },
    ],
  });
});

test.each([
  ["a", 1],
  ["a\n", 1],
  ["\n", 1],
  ["\n\n", 2],
  ["a\nb", 2],
  ["a\n\nb\n", 3],
  ["a\r\nb\r\n", 2],
  ["a\r\nb", 2],
  ["a\rb", 1],
])("%j has %d lines", async (text, lines) => {
  expect(await statsOf(text)).toMatchObject({ lines, characters: text.length });
});

test("among words of the same count the order is that of their code points, and ten are named", async () => {
  const words = ["z", "zz", "é", "Z1", "ä", "я", "カ", "漢", "😀", "𐐨", "_", "10", "9", "a"];
  const { top } = await statsOf(words.join(" "));
  expect(top.map(({ word }) => word)).toEqual(["10", "9", "_", "a", "z", "z1", "zz", "ä", "é", "я"]);
  expect((await statsOf(`${words.join(" ")} 漢 я 漢`)).top.slice(0, 3)).toEqual([
    { word: "漢", count: 3 },
    { word: "я", count: 2 },
    { word: "10", count: 1 },
  ]);
});

test.each([
  ["apostrophes belong to a word only inside it", "don't 'quoted' rock 'n' roll dogs' it’s O''Neil '"],
  ["numbers and underscores are words", "x_1 3.14 1,000 _ __init__ 2026-11-05 ½ ²"],
  ["Latin, Greek and Cyrillic are lowered", "ÀÉÎÕÜ Ñandú ŁÓDŹ Žluťoučký ŸŶ ΑΒΓ Ωμέγα ΆΈΉΊΌΎΏ МОСКВА Ёлка ЀЏ"],
  [
    "ideographs and hiragana stand for themselves, katakana and hangul run on",
    "漢字かなカタカナ混じり文 한국어 단어 日本語OK",
  ],
  ["an apostrophe does not join an ideograph", "it'漢 漢's é'é"],
  [
    "punctuation and symbols are no words",
    "«Guillemets» “quotes” — dash… €5 ©2026 × ÷ § ¿qué? ¡sí! 、。「」！？～",
  ],
  ["emoji are no words", "hi 😀 👩‍👩‍👧 ❤️ ok👍🏽fine 🇯🇵"],
  ["spaces of all kinds part words", "a\u00a0b\u2003c\u3000d\u200be\tf\u2028g"],
  ["combining marks belong to their letter", "e\u0301te\u0301 na\u00efve नमस्ते"],
  ["control characters part words", "a\u0000b\u0007c\u001bd\u007fe"],
])("%s", async (_what, text) => {
  expect(await statsOf(text)).toEqual(reckon(text));
});

test("half a surrogate pair counts as the one character it is replaced by", async () => {
  expect(await statsOf("a\ud800b")).toMatchObject({ characters: 3, words: 2 });
});

test("a text of a megabyte with many different words is counted right", async () => {
  const words = Array.from({ length: 120_000 }, (_, i) => `w${(i * i) % 30_011}`);
  const text = words.join(" ");
  expect(await statsOf(text)).toEqual(reckon(text));
});

test("one word of a megabyte is one word", async () => {
  const word = "a".repeat(1_000_000);
  expect(await statsOf(word)).toEqual({
    words: 1,
    lines: 1,
    characters: 1_000_000,
    top: [{ word, count: 1 }],
  });
});

test("what is no object with a text is refused before the program starts", async () => {
  for (const payload of [{}, { text: null }, { text: "", more: 1 }, []])
    expect(await textStats.cast(payload)).toMatchObject({ ending: "invalid-input" });
});
