import { expect, test } from "vitest";
import { spellManifest } from "./manifest.ts";

const LEAST = {
  name: "echo",
  key: "dev.spell.echo",
  version: "1.0.0",
  description: "Gives back what it gets.",
  module: "echo.wasm",
  price: { model: "flat", flat_micros: 10_000 },
  input: { schema: true },
  output: { content_type: "application/json" },
};

/** The places that a manifest, changed like this, is refused for; empty when it is taken. */
function refusedAt(change: Readonly<Record<string, unknown>>): string[] {
  const parsed = spellManifest.safeParse({ ...LEAST, ...change });
  return parsed.success ? [] : parsed.error.issues.map((issue) => issue.path.join("."));
}

const taken = (field: string, values: readonly unknown[]) => {
  for (const value of values)
    expect(refusedAt({ [field]: value }), `${field} ${JSON.stringify(value)}`).toEqual([]);
};
const refused = (field: string, values: readonly unknown[]) => {
  for (const value of values)
    expect(refusedAt({ [field]: value }), `${field} ${JSON.stringify(value)}`).toEqual([field]);
};

/** What neither Postgres text nor a terminal carries safely: controls old and new, and half a surrogate pair. */
const UNSAFE = ["a\u0000b", "a\nb", "a\tb", "\u001b[31mred", "a\u007fb", "a\u0085b", "a\ud800b", "a\udc00"];

test("a manifest that states the least gets the documented defaults", () => {
  expect(spellManifest.parse(LEAST)).toEqual({
    ...LEAST,
    tags: [],
    limits: { fuel: 1_000_000_000, memory_bytes: 134_217_728, wall_ms: 5_000 },
    args: [],
    env: {},
    resources: [],
  });
});

test("limits stated in part are completed by the defaults", () => {
  expect(spellManifest.parse({ ...LEAST, limits: { wall_ms: 7 } }).limits).toEqual({
    fuel: 1_000_000_000,
    memory_bytes: 134_217_728,
    wall_ms: 7,
  });
});

test.each(Object.keys(LEAST))("a manifest without %s is refused", (field) => {
  expect(refusedAt({ [field]: undefined })).toEqual([field]);
});

test("a name is 2 to 64 small letters, digits and single hyphens", () => {
  taken("name", ["ab", "a1", "text-stats", "a-b-c", "a".repeat(64)]);
  refused("name", [
    "",
    "a",
    "1a",
    "-ab",
    "ab-",
    "a--b",
    "Echo",
    "a_b",
    "a.b",
    "é1",
    "ab\n",
    " ab",
    "a".repeat(65),
    5,
  ]);
});

test("a key is reverse DNS of two labels at least", () => {
  taken("key", ["com.acme", "com.acme.resize", "org.a.b.c.d", "c0-m.1x.y", `a.${"b".repeat(198)}`]);
  refused("key", [
    "",
    "com",
    ".com.x",
    "com..x",
    "com.x.",
    "com.-x",
    "Com.x",
    "1com.x",
    "com.x_y",
    "com.x\n",
    "a.é",
  ]);
  refused("key", [`a.${"b".repeat(199)}`]);
});

test("no name is a key and no key is a name", () => {
  refused("name", ["com.acme"]);
  refused("key", ["echo", "text-stats"]);
});

test("a version is semantic and has no build metadata", () => {
  taken("version", [
    "0.0.0",
    "1.2.3",
    "10.20.30",
    "1.0.0-rc.1",
    "1.0.0-alpha-2.x",
    `1.0.0-${"a".repeat(58)}`,
  ]);
  refused("version", [
    "",
    "1",
    "1.2",
    "1.2.3.4",
    "v1.2.3",
    "01.2.3",
    "1.02.3",
    "1.2.3+build",
    "1.2.3-",
    "1.2.3-a..b",
    "1.2.3-01",
  ]);
  refused("version", ["1.2.3-é", "1.2.3\n", " 1.2.3", "-1.2.3", 1.2, `1.0.0-${"a".repeat(59)}`]);
});

test("the module is a relative path that stays inside the package", () => {
  taken("module", ["a.wasm", "out/a.wasm", "a..wasm", "..a", "...", "a/...b/c", ".hidden", "a".repeat(255)]);
  refused("module", ["", ".", "..", "../a", "a/..", "a/../b", "./a", "a/.", "a/./b", "a/../../etc/passwd"]);
  refused("module", [
    "/a",
    "a/",
    "a//b",
    "a\\b",
    "..\\a",
    "C:a",
    "a b",
    "a\u0000.wasm",
    "a.wasm\n",
    "é.wasm",
    "%2e%2e/a",
  ]);
  refused("module", ["a".repeat(256)]);
});

test("resources are paths below resources/, each its own and none below another", () => {
  const many = (count: number) => Array.from({ length: count }, (_, i) => `resources/${i}`);
  taken("resources", [[], ["resources/a.txt", "resources/b/c", "resources/b/d"], many(1_000)]);
  expect(refusedAt({ resources: ["resources/a", "resources/../b"] })).toEqual(["resources.1"]);
  for (const path of ["data/a.txt", "resources", "/resources/a"]) {
    expect(refusedAt({ resources: [path] })).toContain("resources.0");
  }
  refused("resources", [
    many(1_001),
    ["resources/a", "resources/a"],
    ["resources/a", "resources/a/b"],
    ["resources/a/b/c", "resources/a"],
  ]);
});

test("a description is a text for people, without control characters", () => {
  taken("description", ["日本語 😀 — é", "a".repeat(500)]);
  refused("description", ["", "a".repeat(501), ...UNSAFE]);
});

test("arguments are at most 64 texts without control characters", () => {
  taken("args", [[], ["--level", "", "日本"], new Array(64).fill("a")]);
  refused("args", [new Array(65).fill("a"), "--level"]);
  for (const text of [...UNSAFE, "a".repeat(1_001), 5])
    expect(refusedAt({ args: ["a", text] })).toEqual(["args.1"]);
});

test("an environment's names are those of variables, its values texts without control characters", () => {
  taken("env", [{}, { A: "", _b1: "x=y", ["C".repeat(100)]: "日本" }]);
  for (const text of [...UNSAFE, "a".repeat(1_001), 5])
    expect(refusedAt({ env: { A: text } })).toEqual(["env.A"]);
  for (const name of ["", "1A", "A B", "A=B", "A-B", "É", "A\u0000", "A\n", "A".repeat(101)])
    expect(refusedAt({ env: { [name]: "x" } }), JSON.stringify(name)).toEqual([`env.${name}`]);
});

test("tags are at most ten names", () => {
  taken("tags", [[], ["image", "svg"], new Array(10).fill("ab")]);
  refused("tags", [new Array(11).fill("ab")]);
  expect(refusedAt({ tags: ["image", "SVG"] })).toEqual(["tags.1"]);
});

test("a price is flat or metered, in whole micros", () => {
  taken("price", [
    { model: "flat", flat_micros: 0 },
    { model: "flat", flat_micros: 500_000_000 },
    { model: "metered", flat_micros: 0, rate_micros_per_million_fuel: 1 },
  ]);
  for (const flat_micros of [-1, 0.5, 500_000_001, "1", null, undefined, Number.NaN])
    expect(refusedAt({ price: { model: "flat", flat_micros } })).toEqual(["price.flat_micros"]);
  for (const rate of [0, -1, 0.5, 500_000_001, undefined])
    expect(
      refusedAt({ price: { model: "metered", flat_micros: 0, rate_micros_per_million_fuel: rate } }),
    ).toEqual(["price.rate_micros_per_million_fuel"]);
  expect(refusedAt({ price: { model: "free" } })).toEqual(["price.model"]);
});

test("limits are whole and positive, memory at least one page", () => {
  taken("limits", [{ fuel: 1, memory_bytes: 65_536, wall_ms: 1 }, { fuel: 1_000_000_000_000 }]);
  for (const [field, values] of Object.entries({
    fuel: [0, -1, 1.5, 1_000_000_000_001, "1"],
    memory_bytes: [65_535, 0, 65_536.5],
    wall_ms: [0, -1, 0.5],
  }))
    for (const value of values)
      expect(refusedAt({ limits: { [field]: value } })).toEqual([`limits.${field}`]);
});

test("an input schema is true or an object, whose rules are checked elsewhere", () => {
  for (const schema of [true, {}, { type: "object" }]) expect(refusedAt({ input: { schema } })).toEqual([]);
  for (const schema of [false, null, "true", 1, [], undefined])
    expect(refusedAt({ input: { schema } })).toEqual(["input.schema"]);
});

test("a content type is a media type without parameters", () => {
  const at = (content_type: unknown) => refusedAt({ output: { content_type } });
  for (const good of ["application/json", "image/svg+xml", "text/plain", "application/vnd.acme.x-1+json"])
    expect(at(good)).toEqual([]);
  const long = `text/${"a".repeat(96)}`;
  for (const bad of [
    "",
    "json",
    "text/",
    "/plain",
    "Text/plain",
    "text/plain; charset=utf-8",
    "text/plain\r\nX: y",
    "a/b/c",
    long,
  ])
    expect(at(bad), bad).toEqual(["output.content_type"]);
});

test.each([
  ["the manifest", { surplus: 1 }, ""],
  ["limits", { limits: { fuel: 1, memory: 1 } }, "limits"],
  ["the price", { price: { model: "flat", flat_micros: 1, currency: "EUR" } }, "price"],
  ["a flat price", { price: { model: "flat", flat_micros: 1, rate_micros_per_million_fuel: 1 } }, "price"],
  ["the input", { input: { schema: true, type: "x" } }, "input"],
  ["the output", { output: { content_type: "text/plain", schema: {} } }, "output"],
])("an unknown field of %s is refused", (_what, change, place) => {
  expect(refusedAt(change)).toEqual([place]);
});

test.each([null, [], "spell", 1])("%j is no manifest", (value) => {
  expect(spellManifest.safeParse(value).success).toBe(false);
});
