import { afterAll, expect, test } from "vitest";
import { gridOf, isQuietAround, levelOf, readCode } from "../tests/support/read-qr.ts";
import { asBytes, asText } from "../tests/support/sandbox.ts";
import { openSample } from "../tests/support/sample-spell.ts";

const qrCode = await openSample("qr-code");
afterAll(() => qrCode.close());

const draw = async (text: string, ecc?: string) =>
  gridOf(await qrCode.text(ecc === undefined ? { text } : { text, ecc }));
/** A text of so many bytes in which no two places are alike. */
const filler = (length: number) =>
  Array.from({ length }, (_, i) => (((i * i) % 97) + i).toString(36).slice(-1)).join("");

const LEVELS = ["L", "M", "Q", "H"] as const;

/** How many bytes a code of a version holds at each level: ISO/IEC 18004, table 7. */
const CAPACITIES: readonly (readonly [version: number, ...bytes: number[]])[] = [
  [1, 17, 14, 11, 7],
  [2, 32, 26, 20, 14],
  [5, 106, 84, 60, 44],
  [6, 134, 106, 74, 58],
  [7, 154, 122, 86, 64],
  [9, 230, 180, 130, 98],
  [10, 271, 213, 151, 119],
  [14, 458, 362, 258, 194],
  [21, 929, 711, 509, 403],
  [27, 1465, 1125, 805, 625],
  [32, 1952, 1538, 1112, 842],
  [40, 2953, 2331, 1663, 1273],
];

const CASES = CAPACITIES.flatMap(([version, ...sizes]) =>
  LEVELS.map((ecc, i) => ({ version, ecc, bytes: sizes[i] ?? 0 })),
);

test.each(CASES)(
  "version $version at level $ecc holds $bytes bytes, and a scanner reads them",
  async ({ version, ecc, bytes }) => {
    const text = filler(bytes);
    const grid = await draw(text, ecc);
    expect(readCode(grid)).toEqual({ version, text });
    expect(grid).toHaveLength(version * 4 + 17 + 8);
    expect(levelOf(grid)).toBe(ecc);
    expect(isQuietAround(grid)).toBe(true);
  },
);

test.each(CASES.filter(({ version }) => version < 40))(
  "one byte more than version $version holds at level $ecc takes the next version",
  async ({ version, ecc, bytes }) => {
    expect(await draw(filler(bytes + 1), ecc)).toHaveLength((version + 1) * 4 + 17 + 8);
  },
);

test.each(CASES.filter(({ version }) => version === 40))(
  "one byte more than the largest code holds at level $ecc fails with a sentence in the log",
  async ({ ecc, bytes }) => {
    const result = await qrCode.cast({ text: `é${filler(bytes - 1)}`, ecc });
    expect(result).toMatchObject({ ending: "exited", exitCode: 1 });
    expect(asText(result.log)).toBe("the text is too long for a QR code of this error correction\n");
  },
);

test.each([
  "a",
  "HELLO WORLD 0123456789",
  "https://spell.example/casts?id=0199a2b4&show=receipt#top",
  "日本語のテキスト",
  "😀👩‍👩‍👧 é ü ß",
  'quotes " and \\ and </svg>',
  "two\nlines\tand a tab",
  "MECARD:N:Doe,John;TEL:13035551212;;",
])("%j is read back as it was", async (text) => {
  for (const ecc of LEVELS) expect(readCode(await draw(text, ecc))?.text).toBe(text);
});

test("every length up to a hundred bytes is read back", async () => {
  const texts = Array.from({ length: 100 }, (_, i) => filler(i + 1));
  const grids = await Promise.all(texts.map((text) => draw(text)));
  expect(grids.map((grid) => readCode(grid)?.text)).toEqual(texts);
});

test("without a level the code has level M", async () => {
  expect(levelOf(await draw("hello"))).toBe("M");
  expect(await draw("hello")).toEqual(await draw("hello", "M"));
});

/** Turns every module of a square in the middle of the code over: dirt on a label. */
function stained(grid: boolean[][], side: number): boolean[][] {
  const from = Math.floor((grid.length - side) / 2);
  const isStained = (at: number) => at >= from && at < from + side;
  return grid.map((row, y) => row.map((isDark, x) => isDark !== (isStained(x) && isStained(y))));
}

test.each([
  ["L", 17],
  ["M", 25],
  ["Q", 36],
  ["H", 38],
])("a code of level %s with a stain of %d by as many modules is still read", async (ecc, side) => {
  const text = filler(400);
  const grid = await draw(text, ecc);
  expect(readCode(stained(grid, side))?.text).toBe(text);
});

test("the stain that level M bears is too much for level L", async () => {
  expect(readCode(stained(await draw(filler(400), "L"), 25))).toBeNull();
});

test("the drawing is an SVG by itself: its size, a white ground, and a name for those who do not see it", async () => {
  const svg = await qrCode.text({ text: "hello" });
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 29 29" role="img" /);
  expect(svg).toContain("<title>QR code</title>");
  expect(svg).toContain('<path fill="#fff" d="M0 0h29v29H0z"/>');
  expect(qrCode.manifest.output.content_type).toBe("image/svg+xml");
});

test.each([
  ["no text", {}],
  ["an empty text", { text: "" }],
  ["a text longer than any code holds", { text: "a".repeat(2_954) }],
  ["an unknown level", { text: "a", ecc: "X" }],
  ["a surplus member", { text: "a", colour: "red" }],
])("%s is refused before the program starts", async (_what, payload) => {
  expect(await qrCode.cast(payload)).toMatchObject({ ending: "invalid-input" });
});

test("a text whose characters are few and whose bytes are many is held against its bytes", async () => {
  const result = await qrCode.castBytes(asBytes(JSON.stringify({ text: "漢".repeat(2_953), ecc: "L" })));
  expect(result).toMatchObject({ ending: "exited", exitCode: 1 });
  expect(readCode(await draw("漢".repeat(984), "L"))?.text).toBe("漢".repeat(984));
});
