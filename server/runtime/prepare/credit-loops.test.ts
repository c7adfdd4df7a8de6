import { expect, test } from "vitest";
import { open, prepare, runHere } from "../../../tests/support/sandbox.ts";
import { program } from "../../../tests/support/wat.ts";
import { CREDIT, NAMES } from "./policy.ts";

const work = (count: number) => "(drop (i32.const 0))".repeat(count);
const bit = (number: number) => `(i32.and (local.get $n) (i32.const ${1 << number}))`;
const next = "(local.set $i (i32.add (local.get $i) (i32.const 1)))";
const NEXT = 4;
const at = (iteration: number) => `(i32.eq (local.get $i) (i32.const ${iteration}))`;
const AT = 3;

interface Shape {
  readonly what: string;
  readonly body: string;
  readonly fields?: string;
  /** What a call with this argument gives and pays, by schedule 2 and by hand. */
  readonly calls: readonly (readonly [argument: number, gives: number, paid: number])[];
}

/** Loops that pay from a credit, with every way out of them. Each function gives how it left and what `$i` was. */
const SHAPES: readonly Shape[] = [
  {
    what: "by its end",
    body: `(loop $l ${next} (br_if $l (i32.lt_u (local.get $i) (local.get $n)))) (local.get $i)`,
    calls: [1, 2, 3, 40].map((n) => [n, n, 1 + n * (NEXT + 4)] as const),
  },
  {
    what: "by a branch to a block around",
    body: `(block $out (loop $l ${next} (if (i32.eq (local.get $i) (local.get $n)) (then (br $out))) (br $l)))
      (local.get $i)`,
    calls: [1, 2, 30].map((n) => [n, n, 1 + n * (NEXT + 5)] as const),
  },
  {
    what: "by a conditional branch to a block around",
    body: `(block $out (loop $l ${next} (br_if $out (i32.eq (local.get $i) (local.get $n))) (br $l)))
      (local.get $i)`,
    calls: [1, 2, 30].map((n) => [n, n, 1 + n * (NEXT + 5)] as const),
  },
  {
    what: "by a conditional branch with a value",
    body: `(i32.add (i32.const 100) (block $out (result i32) (loop $l ${next}
      (drop (br_if $out (local.get $i) (i32.eq (local.get $i) (local.get $n)))) (br $l)) (unreachable)))`,
    calls: [1, 2, 30].map((n) => [n, 100 + n, 2 + n * (NEXT + 6)] as const),
  },
  {
    what: "by a branch with a value from below other operands",
    body: `(i32.add (i32.const 100) (block $out (result i32) (loop $l ${next}
      (if (i32.eq (local.get $i) (local.get $n)) (then (i32.const 1) (i32.const 2) (br $out (local.get $i))))
      (br $l)) (unreachable)))`,
    calls: [1, 2, 30].map((n) => [n, 100 + n, 2 + n * (NEXT + 8)] as const),
  },
  {
    what: "by a table that also goes on, to two labels",
    body: `(block $a (block $b (loop $l ${next}
      (br_table $l $l $a $b $l (i32.sub (i32.add (local.get $i) (i32.const 2)) (local.get $n)))))
      (return (i32.add (local.get $i) (i32.const 200)))) (i32.add (local.get $i) (i32.const 100))`,
    // The first iteration at which i + 2 - n is 2 leaves; from n = 0 on it is 3.
    calls: [
      [1, 101, 0],
      [0, 201, 0],
      [9, 109, 0],
    ].map(([n = 0, gives = 0]) => [n, gives, 4 + Math.max(n, 1) * (NEXT + 6)] as const),
  },
  {
    what: "by a table that only leaves",
    body: `(block $a (block $b (loop $l ${next} (br_if $l (i32.lt_u (local.get $i) (i32.const 7)))
      (br_table $a $b ${bit(0)})))
      (return (i32.add (local.get $i) (i32.const 200)))) (i32.add (local.get $i) (i32.const 100))`,
    calls: [
      [0, 107, 4 + 7 * (NEXT + 8)],
      [1, 207, 4 + 7 * (NEXT + 8)],
    ],
  },
  {
    what: "by a table with values that only leaves",
    body: `(block $a (result i32) (i32.add (i32.const 200) (block $b (result i32) (loop $l ${next}
      (br_if $l (i32.lt_u (local.get $i) (i32.const 7))) (br_table $a $b (local.get $i) ${bit(0)})) (unreachable))))`,
    calls: [
      [0, 7, 2 + 7 * (NEXT + 9)],
      [1, 207, 2 + 7 * (NEXT + 9)],
    ],
  },
  {
    what: "by returning from a loop inside a loop",
    body: `(loop $l (loop $m ${next} (if (i32.eq (local.get $i) (local.get $n)) (then (return (local.get $i))))
      (br_if $m (i32.and (local.get $i) (i32.const 3)))) (br $l)) (unreachable)`,
    // Four rounds of the inner loop to one of the outer.
    calls: [1, 4, 5, 23].map((n) => [n, n, 1 + Math.ceil(n / 4) + n * (NEXT + 8)] as const),
  },
  {
    what: "by branching from a loop inside a loop past both",
    body: `(block $out (loop $l (block (loop $m ${next} (br_if $out (i32.eq (local.get $i) (local.get $n)))
      (br_if $m (i32.and (local.get $i) (i32.const 3))) (br $l))))) (local.get $i)`,
    calls: [1, 4, 5, 23].map((n) => [n, n, 1 + Math.ceil(n / 4) + n * (NEXT + 9)] as const),
  },
  {
    what: "by a tail call",
    fields: "(func $g (param i32) (result i32) (i32.add (local.get 0) (i32.const 100)))",
    body: `(loop $l ${next} (br_if $l (i32.lt_u (local.get $i) (local.get $n)))
      (return_call $g (local.get $i))) (unreachable)`,
    calls: [1, 2, 30].map((n) => [n, 100 + n, 1 + n * (NEXT + 9) + 3] as const),
  },
  {
    what: "inside a try, whose handler it never meets",
    fields: "(tag $e)",
    body: `(try (do (loop $l ${next} (br_if $l (i32.lt_u (local.get $i) (local.get $n)))))
      (catch_all (local.set $i (i32.const -1)))) (local.get $i)`,
    calls: [1, 2, 30].map((n) => [n, n, 1 + n * (NEXT + 4)] as const),
  },
  {
    what: "with an arm that pays for itself",
    body: `(loop $l ${next} (if (i32.and (local.get $i) (i32.const 1)) (then ${work(60)}))
      (br_if $l (i32.lt_u (local.get $i) (local.get $n)))) (local.get $i)`,
    calls: [1, 2, 7].map((n) => [n, n, 1 + n * (NEXT + 8) + Math.ceil(n / 2) * 60] as const),
  },
  {
    what: "with nothing behind it that pays",
    body: `(loop $l (result i32) ${next} (br_if $l (i32.lt_u (local.get $i) (local.get $n))) (local.get $i))`,
    calls: [1, 2, 30].map((n) => [n, n, 1 + n * (NEXT + 5)] as const),
  },
  {
    what: "one behind the other, with an operation between that pays by length",
    fields: "(memory 1)",
    body: `(loop $l ${next} (br_if $l (i32.lt_u (local.get $i) (local.get $n))))
      (memory.fill (i32.const 0) (i32.const 0) (i32.const 80))
      (loop $m ${next} (br_if $m (i32.lt_u (local.get $i) (i32.mul (local.get $n) (i32.const 2))))) (local.get $i)`,
    calls: [1, 2, 9].map((n) => [n, 2 * n, 24 + 10 + n * (NEXT + 4) + n * (NEXT + 6)] as const),
  },
];

const moduleOf = ({ body, fields = "" }: Shape) =>
  `(module ${fields} (func (export "f") (param $n i32) (result i32) (local $i i32) ${body}))`;

/** A call with so much fuel: what it gives, or null when it was stopped, and what is left. */
function runner(module: string) {
  const { exports } = open(module);
  // Preparation gives every module this global, and the test's own module exports `f`.
  const fuel = exports[NAMES.fuel] as WebAssembly.Global<"i64">;
  return (argument: number, limit: number): { gives: unknown; left: number } => {
    fuel.value = BigInt(limit);
    let gives: unknown = null;
    try {
      gives = Reflect.apply(exports["f"] as () => unknown, undefined, [argument]);
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    }
    return { gives, left: Number(fuel.value) };
  };
}

test.each(SHAPES)("a loop that is left $what pays for exactly what it began", (shape) => {
  const run = runner(moduleOf(shape));
  for (const [argument, gives, paid] of shape.calls)
    expect(run(argument, 1_000_000)).toEqual({ gives, left: 1_000_000 - paid });
});

test.each(SHAPES)("a loop that is left $what stops exactly when its fuel is gone", (shape) => {
  const run = runner(moduleOf(shape));
  for (const [argument, gives, paid] of shape.calls) {
    for (let limit = 0; limit < paid; limit += 1) {
      const stopped = run(argument, limit);
      expect(stopped.gives).toBeNull();
      expect(stopped.left).toBeLessThan(0);
    }
    for (let limit = paid; limit < paid + 3; limit += 1)
      expect(run(argument, limit)).toEqual({ gives, left: limit - paid });
  }
});

test.each(SHAPES)("a loop that is left $what pays the same wherever its credit ends", (shape) => {
  const run = runner(moduleOf(shape));
  for (const [argument, gives, paid] of shape.calls)
    for (let more = 0; more <= paid + 1; more += 1)
      expect(run(argument, 5 * CREDIT + more)).toEqual({ gives, left: 5 * CREDIT + more - paid });
});

test("every one of these loops has its credit: its prepared form keeps the fuel where the others do not", () => {
  for (const shape of SHAPES) {
    const { prepared } = prepare(moduleOf(shape), { mustBeCommand: false });
    // `i64.const -CREDIT, i64.and`: what no loop but these has.
    expect(Buffer.from(prepared).includes(Buffer.from([0x42, 0x80, 0x80, 0x7f, 0x83])), shape.what).toBe(
      true,
    );
  }
});

/** A program that traps in the 2,000th iteration of its loop. */
const trapping = (trap: string) =>
  program(`(local $i i32) (loop $l ${next} (if ${at(2_000)} (then ${trap})) (br $l))`);
const ENTRY = 1 + 65_536 / 8;

test.each([
  ["divides by zero", "(drop (i32.div_u (local.get $i) (i32.const 0)))", 10],
  ["reads behind its memory", "(drop (i32.load (i32.const -1)))", 2],
])("a program that %s in a loop reports less than a credit too much", (_what, trap, length) => {
  const used = ENTRY + 1 + 2_000 * (NEXT + AT + 2 + length) - 1;
  const wat = trapping(trap);
  for (const limit of [used, used + 1, used + 100, used + CREDIT, used + 5 * CREDIT + 77, 10 ** 9]) {
    const result = runHere(wat, { limits: { fuel: limit } });
    expect(result.ending).toBe("trapped");
    expect(result.fuelUsed).toBeGreaterThanOrEqual(used);
    expect(result.fuelUsed).toBeLessThan(used + CREDIT);
    expect(result.fuelUsed).toBeLessThanOrEqual(limit);
    expect(runHere(wat, { limits: { fuel: limit } }).fuelUsed).toBe(result.fuelUsed);
  }
  expect(runHere(wat, { limits: { fuel: used - 1 } })).toMatchObject({
    ending: "out-of-fuel",
    fuelUsed: used - 1,
  });
});

test("a program that gives up in a loop by itself reports exactly what it used", () => {
  const used = runHere(trapping("unreachable"), { limits: { fuel: 10 ** 9 } }).fuelUsed;
  for (const limit of [used, used + 1, used + 3 * CREDIT])
    expect(runHere(trapping("unreachable"), { limits: { fuel: limit } })).toMatchObject({
      ending: "trapped",
      fuelUsed: used,
    });
});
