import { expect, test } from "vitest";
import { open, refusal } from "../../../tests/support/sandbox.ts";
import { binary, binaryCode, leb } from "../../../tests/support/wat.ts";

/** So many instructions that do nothing: a constant each; what drops it compiles to nothing and is free. */
const work = (count: number) => "(drop (i32.const 0))".repeat(count);
const COUNTED = "(br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n)))";
const COUNTED_LENGTH = 7;

/** What a function `f` does, called with each argument: instructions that it executes, and fuel by schedule 2. */
interface Path {
  readonly what: string;
  readonly fields: string;
  /** [argument, executed, paid] */
  readonly calls: readonly (readonly [argument: number, executed: number, paid: number])[];
}

const f = (body: string) => `(func $f (export "f") (param $n i32) (local $i i32) ${body})`;

const PATHS: readonly Path[] = [
  { what: "nothing at all", fields: f(""), calls: [[0, 0, 1]] },
  { what: "a straight line", fields: f(work(7)), calls: [[0, 7, 7]] },
  {
    what: "what is free",
    fields: f("nop (block nop (block)) (if (local.get $n) (then))"),
    calls: [[1, 2, 2]],
  },
  {
    what: "short arms, of which the longer is paid for",
    fields: f(`(if (local.get $n) (then ${work(30)}) (else ${work(3)}))`),
    calls: [
      [1, 32, 32],
      [0, 5, 32],
    ],
  },
  {
    what: "a long arm, which pays for itself alone",
    fields: f(`(if (local.get $n) (then ${work(60)}) (else ${work(3)}))`),
    calls: [
      [1, 62, 65],
      [0, 5, 5],
    ],
  },
  {
    what: "two long arms",
    fields: f(`(if (local.get $n) (then ${work(60)}) (else ${work(50)}))`),
    calls: [
      [1, 62, 62],
      [0, 52, 52],
    ],
  },
  {
    what: "an early return in front of much",
    fields: f(`(if (local.get $n) (then return)) ${work(50)}`),
    calls: [
      [1, 3, 3],
      [0, 52, 53],
    ],
  },
  {
    what: "a branch over much",
    fields: f(`(block (br_if 0 (local.get $n)) ${work(50)}) ${work(5)}`),
    calls: [
      [1, 7, 7],
      [0, 57, 57],
    ],
  },
  {
    what: "a branch out of two blocks, past what stands between their ends",
    fields: f(`(block $out (block $in (br_if $out (local.get $n)) (br $in)) ${work(30)}) ${work(2)}`),
    calls: [
      [1, 4, 35],
      [0, 35, 35],
    ],
  },
  {
    what: "code that is never reached",
    fields: f(`(block (br 0) ${work(100)}) (return) ${work(200)}`),
    calls: [[0, 2, 2]],
  },
  {
    what: "a loop, at each of its iterations",
    fields: f(`(loop $l ${COUNTED})`),
    calls: [1, 2, 3, 1_000].map((n) => [n, COUNTED_LENGTH * n, 1 + COUNTED_LENGTH * n] as const),
  },
  {
    what: "a loop that does nothing but go on",
    fields: f(`(loop $l (loop $m) ${COUNTED})`),
    calls: [10, 20].map((n) => [n, COUNTED_LENGTH * n, 1 + (1 + COUNTED_LENGTH) * n] as const),
  },
  {
    what: "loops in loops",
    fields: `(func $f (export "f") (param $n i32) (local $i i32) (local $j i32)
      (loop $outer (local.set $j (i32.const 0))
        (loop $inner (br_if $inner (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (i32.const 5))))
        (br_if $outer (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n)))))`,
    calls: [1, 7].map((n) => [n, (9 + 35) * n, 1 + (9 + 35) * n] as const),
  },
  {
    what: "a loop left from its middle",
    fields: f(`(block $out (loop $l (br_if $out (local.get $n)) ${work(5)} (br $l)) ) ${work(4)}`),
    calls: [[1, 6, 12]],
  },
  {
    what: "a jump to a loop around from a loop inside",
    fields: f(`(loop $l (loop $m (br_if $m (i32.const 0)) ${COUNTED}) ${work(3)})`),
    calls: [[3, 3 * (2 + COUNTED_LENGTH) + 3, 1 + 3 * 3 + 3 * (2 + COUNTED_LENGTH)]],
  },
  {
    what: "a table of branches to arms of several lengths",
    fields: f(
      `(block $a (block $b (block $c (br_table $c $b $a (local.get $n))) ${work(30)} (br $a)) ${work(7)})`,
    ),
    calls: [
      [0, 33, 33],
      [1, 9, 33],
      [2, 2, 33],
      [9, 2, 33],
    ],
  },
  {
    what: "calls, on both sides",
    fields: `(func $g (param i32) ${work(6)}) ${f(`(call $g (local.get $n)) (call $g (i32.const 1))`)}`,
    calls: [[0, 16, 2 + 2 * 4 + 2 * 6]],
  },
  {
    what: "a recursion, at every depth",
    fields: f("(if (local.get $n) (then (call $f (i32.sub (local.get $n) (i32.const 1)))))"),
    calls: [0, 1, 100].map((n) => [n, 2 + 6 * n, 9 * (n + 1)] as const),
  },
  {
    what: "tail calls",
    fields: f("(if (local.get $n) (then (return_call $f (i32.sub (local.get $n) (i32.const 1)))))"),
    calls: [0, 1_000].map((n) => [n, 2 + 6 * n, 9 * (n + 1)] as const),
  },
  {
    what: "an indirect call",
    fields: `(table funcref (elem $g)) (func $g ${work(2)}) ${f("(call_indirect (i32.const 0))")}`,
    calls: [[0, 4, 1 + 8 + 2]],
  },
  {
    what: "what is slow to execute",
    fields: f(`(drop (i32.div_u (i32.const 1) (i32.const 1))) (drop (f64.sqrt (f64.const 1)))
      (drop (f32x4.div (v128.const i64x2 0 0) (v128.const i64x2 0 0)))`),
    calls: [[0, 8, 2 + 8 + 1 + 6 + 2 + 8]],
  },
  {
    what: "an exception that is not thrown",
    fields: `(tag $e) ${f(`(try (do ${work(4)}) (catch $e ${work(9)}) (catch_all ${work(50)}))`)}`,
    calls: [[0, 4, 4]],
  },
  {
    what: "an exception and its handler, which pays for itself",
    fields: `(tag $e) ${f(`(try (do (if (local.get $n) (then (throw $e)))) (catch $e ${work(9)}) (catch_all)) ${work(3)}`)}`,
    calls: [
      [1, 15, 2 + 500 + 9 + 3],
      [0, 5, 2 + 3],
    ],
  },
  {
    what: "an exception that is delegated",
    fields: `(tag $e) ${f(`(try $t (do (try (do (throw $e)) (delegate $t)) ${work(20)}) (catch_all ${work(8)}))`)}`,
    calls: [[0, 9, 500 + 8]],
  },
  {
    what: "an exception of the second form, and what follows its label",
    fields: `(tag $e) ${f(`(block $h (try_table (catch $e $h) (if (local.get $n) (then (throw $e)))) (return)) ${work(9)}`)}`,
    calls: [
      [1, 12, 2 + 500 + 9],
      [0, 3, 2 + 9],
    ],
  },
];

test.each(PATHS)(
  "$what: what is paid is what the schedule says, and never less than what is executed",
  ({ fields, calls }) => {
    const module = open(`(module ${fields})`);
    for (const [argument, executed, paid] of calls) {
      expect(module.fuelOf("f", argument), `f(${argument})`).toBe(paid);
      expect(paid).toBeGreaterThanOrEqual(executed);
    }
  },
);

/** An interpreter: for each of `count` steps a branch to one of the arms, which then goes on to the next. */
const interpreter = (arms: readonly number[]) => {
  const labels = arms.map((_, i) => `$a${i}`).join(" ");
  const opened = arms
    .map((_, i) => `(block $a${i}`)
    .reverse()
    .join(" ");
  const bodies = arms.map((length) => `) ${work(length)} (br $next)`).join(" ");
  return `(module (func $f (export "f") (param $arm i32) (param $count i32)
    (block $out (loop $next
      (br_if $out (i32.eqz (local.get $count)))
      (local.set $count (i32.sub (local.get $count) (i32.const 1)))
      ${opened} (br_table ${labels} (local.get $arm)) ${bodies}))))`;
};
/** Instructions of a step besides its arm: the count, the dispatch and the way back. */
const STEP = 10;

test.each([
  ["of one length", Array<number>(60).fill(10)],
  [
    "of many lengths below the longest that is paid for together",
    Array.from({ length: 60 }, (_, i) => i % 40),
  ],
  ["some of them long", Array.from({ length: 60 }, (_, i) => (i % 10 === 0 ? 300 : 5))],
])("an interpreter with sixty arms %s pays for a step about as much as it does", (_what, arms) => {
  const module = open(interpreter(arms));
  const count = 1_000;
  for (const arm of [0, 1, 19, 40, 59]) {
    const own = arms[arm] ?? 0;
    const paid = module.fuelOf("f", arm, count) / count;
    expect(paid).toBeGreaterThanOrEqual(STEP - 1 + own);
    // No more than its own arm and the most that arms of others are paid for with it.
    expect(paid).toBeLessThanOrEqual(STEP + own + 41);
  }
});

test("a chain of a thousand choices costs as much as the longest way through it, not as all ways together", () => {
  const chain = `(if (local.get $n) (then ${work(3)}) (else ${work(2)}))`.repeat(1_000);
  const module = open(`(module ${f(chain)})`);
  expect(module.fuelOf("f", 1)).toBe(5_000);
  expect(module.fuelOf("f", 0)).toBeLessThanOrEqual(5_000);
});

test("two hundred thousand branches out of nine hundred blocks are planned in time", () => {
  const depth = 900;
  const branches = Array.from({ length: 200_000 }, (_, i) => [0x41, 0, 0x0d, ...leb(i % depth)]).flat();
  const [opened, closed] = [Array<number[]>(depth).fill([0x02, 0x40]), Array<number>(depth).fill(0x0b)];
  const code = binaryCode([...opened.flat(), ...branches, ...closed]);
  const startedAt = performance.now();
  expect(refusal(binary({ 10: code }))).toBeNull();
  expect(performance.now() - startedAt).toBeLessThan(15_000);
});
