import { expect, test } from "vitest";
import { open, refusal } from "../../../tests/support/sandbox.ts";
import { binary, binaryCode, EXPORTS, leb, named, vector } from "../../../tests/support/wat.ts";
import { BOUNDS } from "./policy.ts";

const [I32, FUNCREF, END, NOP] = [0x7f, 0x70, 0x0b, 0x01];
const VOID = [0x60, 0, 0];
const many = <Item>(count: number, item: Item): Item[] => Array<Item>(count).fill(item);

/** One import after the other of a function that takes and gives nothing but an errno. */
const yields = (count: number) => ({
  1: vector([VOID, [0x60, 0, 1, I32]]),
  2: vector(many(count, [...named("wasi_snapshot_preview1"), ...named("sched_yield"), 0, 1])),
  7: vector([
    [...named("memory"), 2, 0],
    [...named("_start"), 0, ...leb(count)],
  ]),
});
const tables = (...entries: readonly number[]) =>
  binary({ 4: vector(entries.map((count) => [FUNCREF, 0, ...leb(count)])) });
const longName = (length: number) =>
  binary({ 7: vector([...EXPORTS, [...named("n".repeat(length)), 0, 0]]) });
const body = (bytes: number, locals: number) =>
  // One byte says how many groups there are, three their size and type, and one the end.
  binary({ 10: binaryCode(many(bytes - (locals === 0 ? 2 : 5), NOP), locals === 0 ? [] : [[locals, I32]]) });
const nested = (blocks: number) =>
  binary({ 10: binaryCode([...many(blocks, [0x02, 0x40]).flat(), ...many(blocks, END)]) });
const dataSegments = (count: number) => binary({ 11: vector(many(count, [1, 0])) });
const elementSegments = (count: number) => binary({ 9: vector(many(count, [1, 0, 0])) });

/** Modules with a number of something: as many as there may be, and how one more is refused. */
const COUNTED: readonly (readonly [
  what: string,
  most: number,
  make: (count: number) => Uint8Array,
  why: string,
])[] = [
  [
    "functions",
    BOUNDS.functions,
    (count) => binary({ 3: vector(many(count, [0])), 10: vector(many(count, [2, 0, END])) }),
    `has ${BOUNDS.functions + 1} functions; the most is ${BOUNDS.functions}`,
  ],
  [
    "types",
    BOUNDS.types,
    (count) => binary({ 1: vector(many(count, VOID)) }),
    `has ${BOUNDS.types + 1} types; the most is ${BOUNDS.types}`,
  ],
  [
    "imports",
    BOUNDS.imports,
    (count) => binary(yields(count)),
    `has ${BOUNDS.imports + 1} imports; the most is ${BOUNDS.imports}`,
  ],
  [
    "exports",
    BOUNDS.exports,
    (count) =>
      binary({ 7: vector([...EXPORTS, ...many(count - 2, 0).map((_, i) => [...named(`f${i}`), 0, 0])]) }),
    `has ${BOUNDS.exports + 1} exports; the most is ${BOUNDS.exports}`,
  ],
  [
    "globals",
    BOUNDS.globals,
    (count) => binary({ 6: vector(many(count, [I32, 1, 0x41, 0, END])) }),
    `has ${BOUNDS.globals + 1} globals; the most is ${BOUNDS.globals}`,
  ],
  [
    "tables",
    BOUNDS.tables,
    (count) => tables(...many(count, 1)),
    `has ${BOUNDS.tables + 1} tables; the most is ${BOUNDS.tables}`,
  ],
  [
    "entries of one table",
    BOUNDS.tableEntries,
    (count) => tables(count),
    `has tables of ${BOUNDS.tableEntries + 1} entries at its start; the limit is ${BOUNDS.tableEntries}`,
  ],
  [
    "entries of several tables together",
    BOUNDS.tableEntries,
    (count) => tables(50_000, 100_000, count - 150_000),
    `has tables of ${BOUNDS.tableEntries + 1} entries at its start; the limit is ${BOUNDS.tableEntries}`,
  ],
  [
    "tags",
    BOUNDS.tags,
    (count) => binary({ 13: vector(many(count, [0, 0])) }),
    `has ${BOUNDS.tags + 1} tags; the most is ${BOUNDS.tags}`,
  ],
  [
    "values of four bytes in an exception",
    BOUNDS.tagBytes / 4,
    (count) =>
      binary({ 1: vector([VOID, [0x60, ...leb(count), ...many(count, I32), 0]]), 13: vector([[0, 1]]) }),
    `has exceptions that carry ${BOUNDS.tagBytes + 4} bytes; the most is ${BOUNDS.tagBytes}`,
  ],
  [
    "data segments",
    BOUNDS.segments,
    dataSegments,
    `has ${BOUNDS.segments + 1} data segments; the most is ${BOUNDS.segments}`,
  ],
  [
    "element segments",
    BOUNDS.segments,
    elementSegments,
    `has ${BOUNDS.segments + 1} element segments; the most is ${BOUNDS.segments}`,
  ],
  [
    "bytes in a name",
    BOUNDS.nameBytes,
    longName,
    `has a name of ${BOUNDS.nameBytes + 1} bytes; the longest may have ${BOUNDS.nameBytes}`,
  ],
  [
    "bytes in a function",
    BOUNDS.bodyBytes,
    (count) => body(count, 0),
    `has a function of ${BOUNDS.bodyBytes + 1} bytes; the largest may have ${BOUNDS.bodyBytes}`,
  ],
  [
    "locals",
    BOUNDS.locals,
    (count) => binary({ 10: binaryCode([], [[count, I32]]) }),
    `has a function with more than ${BOUNDS.locals} locals`,
  ],
  [
    "bytes in a function of many locals",
    BOUNDS.bodyBytesTimesLocals / BOUNDS.locals,
    (count) => body(count, BOUNDS.locals),
    `has a function of 40001 bytes with ${BOUNDS.locals} locals, which takes too long to compile`,
  ],
  [
    // The function is the outermost of them.
    "nested constructs",
    BOUNDS.nesting,
    (count) => nested(count - 1),
    `nests blocks more than ${BOUNDS.nesting} deep`,
  ],
];

test.each(COUNTED)(
  "as many %s as %d are prepared, one more is refused by its number",
  (_what, most, make, why) => {
    const more = make(most + 1);
    expect(WebAssembly.validate(Uint8Array.from(more))).toBe(true);
    expect(refusal(more)).toBe(why);
    expect(refusal(make(most))).toBeNull();
  },
);

test.each([
  ["parameters", BOUNDS.parameters, (count: number) => [0x60, ...leb(count), ...many(count, I32), 0]],
  ["results", BOUNDS.parameters, (count: number) => [0x60, 0, ...leb(count), ...many(count, I32)]],
])("as many %s as %d are prepared; of more the engine itself says no", (_what, most, type) => {
  const make = (count: number) => binary({ 1: vector([VOID, type(count)]) });
  expect(refusal(make(most))).toBeNull();
  expect(refusal(make(most + 1))).toMatch(/^is not a valid WebAssembly module: .*1001/);
});

test("a br_table of as many labels as the engine takes is prepared; of more the engine itself says no", () => {
  const make = (labels: number) =>
    binary({ 10: binaryCode([0x41, 0, 0x0e, ...leb(labels - 1), ...many(labels, 0)]) });
  expect(refusal(make(65_520))).toBeNull();
  expect(refusal(make(BOUNDS.branchTable + 2))).toEqual(expect.any(String));
});

test("a module that would become eight times as large is refused, a small one may", () => {
  // Far locals and globals take long numbers: a loop of three bytes pays in 22.
  const loops = (count: number) =>
    binary({
      6: vector(many(200, [I32, 1, 0x41, 0, END])),
      10: binaryCode(many(count, [0x03, 0x40, END]).flat(), [[200, I32]]),
    });
  expect(refusal(loops(100))).toBeNull();
  expect(refusal(loops(80_000))).toBe("grows beyond measure when it is prepared");
});

test("tables may grow into what the bound leaves, divided among them, and no further", () => {
  const share = (BOUNDS.tableEntries - 400) / 2;
  const grown = (table: string, entries: number) =>
    open(`(module (table $a 100 funcref) (table $b 300 funcref)
      (func (export "go") (result i32) (table.grow $${table} (ref.null func) (i32.const ${entries}))))`).call(
      "go",
    );
  expect([grown("a", share), grown("b", share)]).toEqual([100, 300]);
  expect([grown("a", share + 1), grown("b", share + 1)]).toEqual([-1, -1]);
});

test("a table's own maximum below its share holds", () => {
  const { call } = open(`(module (table $t 2 5 funcref) (func (export "go") (param i32) (result i32)
    (table.grow $t (ref.null func) (local.get 0))))`);
  expect([call("go", 4), call("go", 3), call("go", 1), call("go", 0)]).toEqual([-1, 2, -1, 5]);
});
