import { expect, test } from "vitest";
import { open, prepare, refusal } from "../../../tests/support/sandbox.ts";
import { assemble, binary, EXPORTS, named, vector } from "../../../tests/support/wat.ts";
import { NAMES } from "./policy.ts";

const COMMAND = '(memory (export "memory") 1) (func (export "_start"))';
const exportsOf = (text: string) => {
  const { prepared } = prepare(text, { mustBeCommand: false });
  return WebAssembly.Module.exports(new WebAssembly.Module(Uint8Array.from(prepared)));
};

/** Not checked by the assembler: its indices may lead to what is not there. */
const refusalOf = (fields: string) => refusal(assemble(`(module ${COMMAND} ${fields})`));
const INVALID = /^is not a valid WebAssembly module: /;

test.each([
  ["read the fuel", "(drop (global.get 1))"],
  ["set the fuel", "(global.set 1 (i64.const 1))"],
  ["read the growth", "(drop (global.get 2))"],
  ["set the growth", "(global.set 2 (i32.const 0))"],
])("a module that tries to %s where preparation will put it is not valid", (_what, body) => {
  expect(refusalOf(`(global (mut i32) (i32.const 0)) (func ${body})`)).toMatch(INVALID);
});

test("a module cannot call what preparation adds, nor put it into a table", () => {
  // Its own functions are 0 and 1; charging, growing and running come behind them.
  for (const index of [2, 3, 4, 5]) {
    expect(refusalOf(`(func (drop (call ${index} (i32.const 0))))`)).toMatch(INVALID);
    expect(refusalOf(`(func) (table funcref (elem ${index}))`)).toMatch(INVALID);
    expect(refusalOf(`(func (drop (ref.func ${index})))`)).toMatch(INVALID);
  }
});

test("a module cannot export what preparation adds", () => {
  for (const kind of [0, 3])
    expect(refusal(binary({ 7: vector([...EXPORTS, [...named("mine"), kind, 1]]) }))).toMatch(INVALID);
});

test.each([...Object.values(NAMES), "spell:", "spell:anything", `${NAMES.global}0`])(
  "no module may export something as %s",
  (name) => {
    for (const exported of [
      `(func (export "${name}"))`,
      `(global (export "${name}") i64 (i64.const 0))`,
      `(global (export "${name}") (mut i32) (i32.const 0))`,
      `(table (export "${name}") 1 funcref)`,
      `(tag (export "${name}"))`,
      `(export "${name}" (memory 0))`,
    ])
      expect(refusal(`(module ${COMMAND} ${exported})`)).toBe(`exports ${name}, a name that is reserved`);
  },
);

test.each(["spell", "Spell:fuel", " spell:fuel", "spel:fuel", "\\00spell:fuel"])(
  "a name that only looks like a reserved one may be exported: %s",
  (name) => {
    expect(refusal(`(module ${COMMAND} (func (export "${name}")))`)).toBeNull();
  },
);

test("what is added is exported once, with its kind, behind the module's own", () => {
  expect(exportsOf("(module (global (mut i64) (i64.const 0)) (global i32 (i32.const 0)))")).toEqual([
    { name: "spell:fuel", kind: "global" },
    { name: "spell:growth", kind: "global" },
    { name: "spell:kept", kind: "global" },
    { name: "spell:run", kind: "function" },
    { name: "spell:global:0", kind: "global" },
  ]);
});

const TABLE = "(table $t 2 funcref) (elem $e func $f) (func $f)";
/** Fields of a module, and whether a used instance of it can be put back as it was. */
const RESTORABLE: readonly (readonly [what: string, fields: string, is: boolean])[] = [
  ["nothing that changes", "", true],
  ["globals of integers", "(global (mut i32) (i32.const 1)) (global (mut i64) (i64.const 1))", true],
  ["constant globals of floats", "(global f32 (f32.const 1)) (global v128 (v128.const i64x2 0 0))", true],
  ["a mutable f32", "(global (mut f32) (f32.const 1))", false],
  ["a mutable f64", "(global (mut f64) (f64.const 1))", false],
  ["a mutable vector", "(global (mut v128) (v128.const i64x2 0 0))", false],
  ["a mutable reference", "(global (mut funcref) (ref.null func))", false],
  ["table.get", `${TABLE} (func (drop (table.get $t (i32.const 0))))`, true],
  ["table.set", `${TABLE} (func (table.set $t (i32.const 0) (ref.null func)))`, false],
  ["table.grow", `${TABLE} (func (drop (table.grow $t (ref.null func) (i32.const 1))))`, false],
  ["table.fill", `${TABLE} (func (table.fill $t (i32.const 0) (ref.null func) (i32.const 1)))`, false],
  ["table.copy", `${TABLE} (func (table.copy (i32.const 0) (i32.const 1) (i32.const 1)))`, false],
  ["table.init", `${TABLE} (func (table.init $e (i32.const 0) (i32.const 0) (i32.const 1)))`, false],
  ["elem.drop", `${TABLE} (func (elem.drop $e))`, false],
  ["data.drop", '(memory 1) (data $d "x") (func (data.drop $d))', false],
  [
    "memory.init",
    '(memory 1) (data $d "x") (func (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1)))',
    true,
  ],
];

test.each(RESTORABLE)(
  "a module with %s says whether a used instance can be restored",
  (_what, fields, is) => {
    const text = `(module ${fields})`;
    const kept = open(text).exports[NAMES.kept] as WebAssembly.Global<"i32">;
    expect(kept.value > 0).toBe(is);
    // Only an instance that is restored shows its globals.
    const isShown = exportsOf(text).some(({ name }) => name.startsWith(NAMES.global));
    expect(isShown).toBe(is && fields.includes("(mut i"));
  },
);

test("a growth that the cap refuses raises the flag, one within the cap does not", () => {
  const { exports, call } = open(`(module (memory 1 8) (func (export "f") (param i32) (result i32)
    (memory.grow (local.get 0))))`);
  const flag = exports[NAMES.growth] as WebAssembly.Global<"i32">;
  expect([call("f", 7), flag.value]).toEqual([1, 0]);
  expect([call("f", 0), flag.value]).toEqual([8, 0]);
  expect([call("f", 1), flag.value]).toEqual([-1, 1]);
});

test("a module without memory or tables is prepared and runs", () => {
  const { call, fuelOf } = open('(module (func (export "f") (result i32) (i32.const 5)))');
  expect(call("f")).toBe(5);
  expect(fuelOf("f")).toBe(1);
});

test("indices above 127 of functions, types, globals and locals are written right", () => {
  const many = (what: string) => what.repeat(200);
  const { call } = open(`(module ${many("(func)")} ${many("(global (mut i32) (i32.const 0))")} (memory 1)
    (func (export "f") (param f64) (result i64) (local ${many("i32 ")})
      (memory.fill (i32.const 0) (i32.const 0) (i32.const 0)) (drop (memory.grow (i32.const 0)))
      (i64.reinterpret_f64 (f64.div (local.get 0) (local.get 0)))))`);
  expect(call("f", 0)).toBe(0x7ff8_0000_0000_0000n);
  expect(call("f", 3)).toBe(0x3ff0_0000_0000_0000n);
});
