import { expect, test } from "vitest";
import { open, prepare } from "../../../tests/support/sandbox.ts";
import { assemble } from "../../../tests/support/wat.ts";
import { NAMES } from "./policy.ts";
import { readBodies } from "./read-bodies.ts";
import { readModule } from "./read-module.ts";

const work = (count: number) => "(drop (i32.const 0))".repeat(count);
/** A function that does so much, and pays for it when it is entered. */
const leaf = (name: string, count: number, attributes = "") => `(func $${name} ${attributes} ${work(count)})`;
const f = (body: string) => `(func (export "f") (param $n i32) (local $i i32) ${body})`;

interface Module {
  readonly what: string;
  readonly fields: string;
  /** How many places in its first function pay, which shows whether its callers do. */
  readonly placesInFirst: number;
  /** What the call `f(argument)` pays, by schedule 2 and by hand; a call is 4. */
  readonly calls: readonly (readonly [argument: number, paid: number])[];
}

const MODULES: readonly Module[] = [
  {
    what: "a function that is called in a straight line",
    fields: leaf("g", 10) + f("(call $g)"),
    placesInFirst: 0,
    calls: [[0, 14]],
  },
  {
    what: "a function that is called by a tail call behind the beginnings of blocks",
    fields: leaf("g", 10) + f("(block (block (return_call $g)))"),
    placesInFirst: 0,
    calls: [[0, 14]],
  },
  {
    what: "a function that is called once in each iteration",
    fields: `${leaf("g", 10)} ${f(`(loop $l (call $g)
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))`)}`,
    placesInFirst: 0,
    calls: [1, 2, 30].map((n) => [n, 1 + n * (14 + 7)] as const),
  },
  {
    what: "a function that calls itself in the arm of a choice that pays for itself",
    fields: `(func $g (param $n i32) (if (local.get $n) (then ${work(50)}
      (call $g (i32.sub (local.get $n) (i32.const 1)))))) ${f("(call $g (local.get $n))")}`,
    placesInFirst: 1,
    calls: [0, 1, 2, 9].map((n) => [n, 5 + 2 + n * (50 + 7 + 2)] as const),
  },
  {
    what: "a function that calls itself in a loop",
    fields: `(func $g (param $n i32) (if (i32.eqz (local.get $n)) (then return))
      (loop $l (call $g (i32.sub (local.get $n) (i32.const 1))))) ${f("(call $g (local.get $n))")}`,
    placesInFirst: 1,
    calls: [0, 1, 2, 9].map((n) => [n, 5 + 4 + n * (7 + 4)] as const),
  },
  {
    what: "a function that is called in an arm that does not pay",
    fields: leaf("g", 10) + f("(if (local.get $n) (then (call $g)))"),
    placesInFirst: 1,
    calls: [
      [0, 6],
      [1, 16],
    ],
  },
  {
    what: "a function that is called behind a conditional branch",
    fields: leaf("g", 10) + f("(block (br_if 0 (local.get $n)) (call $g))"),
    placesInFirst: 1,
    calls: [
      [0, 16],
      [1, 6],
    ],
  },
  {
    what: "a function that is called behind another call",
    fields: leaf("g", 10) + leaf("h", 20) + f("(call $h) (call $g)"),
    placesInFirst: 1,
    calls: [[0, 38]],
  },
  {
    what: "a function behind a call that may throw",
    fields: `${leaf("g", 10)} (tag $e)
      (func $h (param i32) (if (local.get 0) (then (throw $e))))
      ${f("(try (do (call $h (local.get $n)) (call $g)) (catch_all))")}`,
    placesInFirst: 1,
    calls: [
      [0, 9 + 2 + 10],
      [1, 9 + 2 + 500 + 1],
    ],
  },
  {
    what: "a function that is called with certainty here and without it there",
    fields: leaf("g", 10) + f("(call $g) (if (local.get $n) (then (call $g)))"),
    placesInFirst: 1,
    calls: [
      [0, 20],
      [1, 30],
    ],
  },
  {
    what: "a function at whose entry another one is called with certainty",
    fields: `(func $g (call $h)) ${leaf("h", 10)} ${f("(call $g)")}`,
    placesInFirst: 0,
    calls: [[0, 18]],
  },
  {
    what: "a function that the host may call too",
    fields: leaf("g", 10, '(export "g")') + f("(call $g)"),
    placesInFirst: 1,
    calls: [[0, 14]],
  },
  {
    what: "a function that is called by a table too",
    fields: `${leaf("g", 10)} (table funcref (elem $g)) ${f("(call $g) (call_indirect (i32.const 0))")}`,
    placesInFirst: 1,
    calls: [[0, 4 + 9 + 20]],
  },
  {
    what: "a function that a passive segment of expressions names",
    fields: `${leaf("g", 10)} (table 1 funcref) (elem $e funcref (ref.func $g))
      ${f("(call $g) (table.init $e (i32.const 0) (i32.const 0) (i32.const 1)) (call_indirect (i32.const 0))")}`,
    placesInFirst: 1,
    calls: [[0, 4 + 23 + 1 + 9 + 20]],
  },
  {
    what: "a function that a global names",
    fields: `${leaf("g", 10)} (global funcref (ref.func $g)) ${f("(call $g)")}`,
    placesInFirst: 1,
    calls: [[0, 14]],
  },
  {
    what: "the function that a module starts with",
    fields: `${leaf("g", 10)} (start $g) ${f("(call $g)")}`,
    placesInFirst: 1,
    calls: [[0, 14]],
  },
];

/** Places in the first function of a prepared module that write the fuel. */
function placesInFirst(bytes: Uint8Array): number {
  const shape = readModule(Uint8Array.from(prepare(bytes, { mustBeCommand: false }).prepared));
  const fuel = shape.exports.find(({ name }) => name === NAMES.fuel)?.index;
  const [first] = readBodies(shape);
  return (
    first?.operations.filter(({ instruction, index }) => instruction.name === "global.set" && index === fuel)
      .length ?? 0
  );
}

test.each(MODULES)("$what pays the same, whoever does it", ({ fields, calls }) => {
  const { fuelOf } = open(`(module ${fields})`);
  for (const [argument, paid] of calls) expect(fuelOf("f", argument), `f(${argument})`).toBe(paid);
});

test.each(MODULES)("$what pays itself only where that must be", ({ fields, placesInFirst: places }) => {
  expect(placesInFirst(assemble(`(module ${fields})`))).toBe(places);
});

test.each(MODULES)("with $what a program stops exactly when its fuel is gone", ({ fields, calls }) => {
  const { exports } = open(`(module ${fields})`);
  // Preparation gives every module this global.
  const fuel = exports[NAMES.fuel] as WebAssembly.Global<"i64">;
  const run = exports["f"] as (argument: number) => void;
  for (const [argument, paid] of calls) {
    for (let limit = 0; limit < paid; limit += 1) {
      fuel.value = BigInt(limit);
      expect(() => {
        run(argument);
      }).toThrow(WebAssembly.RuntimeError);
      expect(fuel.value).toBeLessThan(0n);
    }
    fuel.value = BigInt(paid);
    run(argument);
    expect(fuel.value).toBe(0n);
  }
});
