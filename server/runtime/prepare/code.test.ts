import { expect, test } from "vitest";
import { open, PAGE, runHere } from "../../../tests/support/sandbox.ts";
import { call, program } from "../../../tests/support/wat.ts";
import { NAMES } from "./policy.ts";

/** Fuel of a page of memory, and of what a run of the smallest program pays: its first page and its entry. */
const PAGE_FUEL = PAGE / 8;
const EVERY_RUN = PAGE_FUEL + 1;
const [BULK, GROWING] = [20, 20];

const SEGMENTS = `(memory 2) (data $d "${"x".repeat(1_000)}") (table $t 1000 funcref) (table $u 1000 funcref)
  (elem $e func ${"$g ".repeat(500)}) (func $g)`;
const bulk = (instruction: string) =>
  open(`(module ${SEGMENTS} (func (export "f") (param $length i32) ${instruction}))`);

/** Each with as many bytes or entries as its parameter says; and how many of them a unit of fuel moves. */
const BYTES: readonly (readonly [what: string, instruction: string])[] = [
  ["memory.fill", "(memory.fill (i32.const 8) (i32.const 1) (local.get $length))"],
  ["memory.copy", "(memory.copy (i32.const 8) (i32.const 900) (local.get $length))"],
  ["memory.init", "(memory.init $d (i32.const 8) (i32.const 0) (local.get $length))"],
];
const ENTRIES: readonly (readonly [what: string, instruction: string])[] = [
  ["table.fill", "(table.fill $t (i32.const 0) (ref.null func) (local.get $length))"],
  ["table.copy", "(table.copy $t $u (i32.const 0) (i32.const 0) (local.get $length))"],
  ["table.init", "(table.init $t $e (i32.const 0) (i32.const 0) (local.get $length))"],
];
const OPERANDS = 3;

test.each(BYTES)("%s pays for its bytes, eight with one unit", (_what, instruction) => {
  const { fuelOf } = bulk(instruction);
  for (const [bytes, paid] of [
    [0, 0],
    [7, 0],
    [8, 1],
    [15, 1],
    [16, 2],
    [1_000, 125],
  ] as const)
    expect(fuelOf("f", bytes)).toBe(OPERANDS + BULK + paid);
});

test.each(ENTRIES)("%s pays for each of its entries", (_what, instruction) => {
  const { fuelOf } = bulk(instruction);
  for (const entries of [0, 1, 7, 500]) expect(fuelOf("f", entries)).toBe(OPERANDS + BULK + entries);
});

test.each([...BYTES, ...ENTRIES])(
  "a length of 2^31 or more that %s is given is read without a sign",
  (what, instruction) => {
    const { fuelOf } = bulk(instruction);
    const perUnit = what.startsWith("memory") ? 8 : 1;
    for (const length of [0x8000_0000, 0xffff_ffff])
      // It does not fit and traps, and has been paid for by then.
      expect(fuelOf("f", length | 0)).toBe(OPERANDS + BULK + Math.floor(length / perUnit));
  },
);

test("what cannot be paid for is not begun", () => {
  const { exports, call: fill } =
    open(`(module (memory (export "memory") 1) (func (export "f") (param $length i32)
    (memory.fill (i32.const 0) (i32.const 7) (local.get $length))))`);
  const fuel = exports[NAMES.fuel] as WebAssembly.Global<"i64">;
  const memory = exports["memory"] as WebAssembly.Memory;
  const bytes = () => [...new Uint8Array(memory.buffer, 0, 2)];
  fuel.value = BigInt(OPERANDS + BULK + 999);
  expect(() => void Reflect.apply(exports["f"] as () => void, undefined, [8_000])).toThrow("unreachable");
  expect(bytes()).toEqual([0, 0]);
  fill("f", 8_000);
  expect(bytes()).toEqual([7, 7]);
});

test("a memory that grows pays for its new pages, and for those it asks for within the cap when it is refused", () => {
  const { call: grow, fuelOf } = open(`(module (memory 1 4) (func (export "f") (param i32) (result i32)
    (memory.grow (local.get 0))))`);
  expect(fuelOf("f", 0)).toBe(1 + GROWING);
  expect(fuelOf("f", 2)).toBe(1 + GROWING + 2 * PAGE_FUEL);
  expect(grow("f", 0)).toBe(3);
  expect(fuelOf("f", 2)).toBe(1 + GROWING + 2 * PAGE_FUEL);
  expect(fuelOf("f", 5)).toBe(1 + GROWING);
  expect(fuelOf("f", -1)).toBe(1 + GROWING);
  expect(grow("f", 0)).toBe(3);
  expect(grow("f", 1)).toBe(3);
  expect(grow("f", 1)).toBe(-1);
});

test("a table that grows pays for its new entries", () => {
  const { call: grow, fuelOf } =
    open(`(module (table $t 1 50 funcref) (func (export "f") (param i32) (result i32)
    (table.grow $t (ref.null func) (local.get 0))))`);
  expect(fuelOf("f", 0)).toBe(2 + GROWING);
  expect(fuelOf("f", 30)).toBe(2 + GROWING + 30);
  expect(fuelOf("f", 51)).toBe(2 + GROWING);
  expect(fuelOf("f", -1)).toBe(2 + GROWING);
  expect(grow("f", 0)).toBe(31);
});

const fuelOfRun = (wat: string) => {
  const result = runHere(wat);
  expect(result).toMatchObject({ ending: "completed" });
  return result.fuelUsed;
};

test("a run pays for the memory it begins with", () => {
  expect(fuelOfRun(program(""))).toBe(EVERY_RUN);
  expect(fuelOfRun(program("", { memory: "0" }))).toBe(1);
  expect(fuelOfRun(program("", { memory: "10" }))).toBe(10 * PAGE_FUEL + 1);
});

test("a run pays for active segments, and not for passive ones", () => {
  const data = `"${"x".repeat(801)}"`;
  expect(fuelOfRun(program("", { fields: `(data (i32.const 0) ${data})` }))).toBe(EVERY_RUN + 101);
  expect(fuelOfRun(program("", { fields: `(data ${data})` }))).toBe(EVERY_RUN);
  expect(fuelOfRun(program("", { fields: "(table 0 funcref) (elem func $print)" }))).toBe(EVERY_RUN);
  expect(fuelOfRun(program("", { fields: "(table 9 funcref) (elem declare func $print)" }))).toBe(
    EVERY_RUN + 9,
  );
});

test("a run pays for the entries of its tables, and for those that are written", () => {
  expect(fuelOfRun(program("", { fields: "(table 1000 funcref) (table 500 externref)" }))).toBe(
    EVERY_RUN + 1_500,
  );
  const written =
    "(table 10 funcref) (elem (i32.const 0) func $print $log) (elem (i32.const 4) funcref (ref.func $print))";
  expect(fuelOfRun(program("", { fields: written }))).toBe(EVERY_RUN + 13);
});

test("a start function is part of every run, before the program", () => {
  const fields = `(global $n (mut i32) (i32.const 0)) (func $begin (global.set $n (i32.const 7))) (start $begin)`;
  const wat = program(`(i32.store (i32.const 64) (global.get $n)) ${call("print", 64, 4)}`, { fields });
  const begun = program(`(i32.store (i32.const 64) (global.get $n)) ${call("print", 64, 4)}`, {
    fields: fields.replace("(start $begin)", ""),
  });
  for (let round = 0; round < 3; round += 1) {
    const result = runHere(wat);
    expect(result).toMatchObject({ ending: "completed", output: Uint8Array.of(7, 0, 0, 0) });
    expect(result.fuelUsed).toBe(runHere(begun).fuelUsed + 2);
  }
});

test("a segment that does not fit is the program's own trap, before it used anything", () => {
  const fields = "(table 1 funcref) (elem (i32.const 1) $print)";
  expect(runHere(program("", { fields }))).toMatchObject({
    ending: "trapped",
    trap: "out of bounds table access",
    fuelUsed: 0,
  });
});

test("fuel below what a run begins with stops it before its first instruction", () => {
  const wat = program(call("log", 64, 1), { memory: "16" });
  const fuel = 16 * PAGE_FUEL - 1;
  const result = runHere(wat, { limits: { fuel } });
  expect(result).toMatchObject({ ending: "out-of-fuel", fuelUsed: fuel, log: new Uint8Array() });
});
