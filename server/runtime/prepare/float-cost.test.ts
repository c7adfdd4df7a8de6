import { expect, test } from "vitest";
import { open, prepare } from "../../../tests/support/sandbox.ts";

const NAN_32 = [0x00, 0x00, 0xc0, 0x7f];
const NAN_64 = [0, 0, 0, 0, 0, 0, 0xf8, 0x7f];
/** The constants of the sequences that make a value canonical, as they stand in a module. */
const CONSTANTS = [
  [0x43, ...NAN_32],
  [0x44, ...NAN_64],
  [0xfd, 0x0c, ...NAN_32, ...NAN_32, ...NAN_32, ...NAN_32],
  [0xfd, 0x0c, ...NAN_64, ...NAN_64],
].map((bytes) => Buffer.from(bytes));
const LOCAL_GET = 0x20;

/** How many values are made canonical in a module that has no such constants of its own. */
function sequences(body: string, fields = ""): number {
  const text = `(module (memory 1) ${fields} (func (export "f") (param $a f64) (param $b f64) (param $n i32)
    (local $x f64) (local $y f64) (local $i i32) (local $v v128) ${body}))`;
  const code = Buffer.from(prepare(text, { mustBeCommand: false }).prepared);
  let found = 0;
  for (const constant of CONSTANTS) {
    for (let at = code.indexOf(constant); at >= 0; at = code.indexOf(constant, at + 1)) {
      if (code[at + constant.length] === LOCAL_GET) found += 1;
    }
  }
  return found;
}

const store = (value: string) => `(f64.store (i32.const 0) ${value})`;
const SUM = "(f64.add (local.get $a) (local.get $b))";
const LOOP = "(br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n)))";

/** Code, and how many times a value's bits show there that arithmetic may have made. */
const COSTS: readonly (readonly [what: string, body: string, count: number, fields?: string])[] = [
  ["a sum that is stored", store(SUM), 1],
  [
    "a chain of arithmetic that is stored, with a sign taken off in its middle",
    store(`(f64.sqrt (f64.mul ${SUM} (f64.sub ${SUM} (f64.abs ${SUM}))))`),
    2,
  ],
  ["a sum that is only compared", `(drop (f64.lt ${SUM} (f64.const 1)))`, 0],
  [
    "a sum that is converted to an integer",
    `(drop (i32.trunc_sat_f64_s ${SUM})) (drop (i64.trunc_f64_u ${SUM}))`,
    0,
  ],
  ["a sum that is dropped", `(drop ${SUM})`, 0],
  [
    "a sum in a local that nobody shows",
    `(local.set $x ${SUM}) (drop (f64.gt (local.get $x) (f64.const 0)))`,
    0,
  ],
  ["a parameter that is stored", store("(local.get $a)"), 0],
  ["a copy from memory to memory", store("(f64.load (i32.const 8))"), 0],
  ["a constant that is stored", store("(f64.const 1.5)"), 0],
  ["an integer that is converted and stored", store("(f64.convert_i32_s (local.get $n))"), 0],
  [
    "the result of a call that is stored",
    store("(call $g)"),
    1,
    "(func $g (result f64) (f64.sqrt (f64.const 2)))",
  ],
  ["a sum for each of two parameters of a call", `(call $g ${SUM} ${SUM})`, 2, "(func $g (param f64 f64))"],
  ["a sum that is stored in each iteration", `(loop $l ${store(SUM)} ${LOOP})`, 1],
  [
    "an accumulator that is stored behind its loop",
    `(loop $l (local.set $x (f64.add (local.get $x) (local.get $a))) ${LOOP}) ${store("(local.get $x)")}`,
    1,
  ],
  [
    "two accumulators of which one shows",
    `(loop $l (local.set $x (f64.add (local.get $x) (local.get $y))) (local.set $y (f64.mul (local.get $y) (local.get $a))) ${LOOP}) ${store("(local.get $x)")}`,
    1,
  ],
  [
    "a vector of sums that is stored",
    "(v128.store (i32.const 0) (f32x4.add (f32x4.mul (local.get $v) (local.get $v)) (local.get $v)))",
    1,
  ],
  [
    "a vector that accumulates",
    `(loop $l (local.set $v (f64x2.add (local.get $v) (local.get $v))) ${LOOP}) (v128.store (i32.const 0) (local.get $v))`,
    1,
  ],
  ["a vector of integers", "(v128.store (i32.const 0) (i32x4.add (local.get $v) (local.get $v)))", 0],
  [
    "a vector of comparisons",
    "(v128.store (i32.const 0) (f32x4.lt (f32x4.sqrt (local.get $v)) (local.get $v)))",
    0,
  ],
  [
    "floats of one width taken as floats of the other",
    "(v128.store (i32.const 0) (f32x4.add (f64x2.add (local.get $v) (local.get $v)) (local.get $v)))",
    2,
  ],
];

test.each(COSTS)("%s is made canonical just where its bits show", (_what, body, count, fields) => {
  expect(sequences(String(body), fields === undefined ? undefined : String(fields))).toBe(count);
});

test("an accumulator is made canonical behind its loop, not in it", () => {
  const text = `(module (memory 1) (func (export "f") (param $n i32) (result i64) (local $x f64) (local $i i32)
    (loop $l (local.set $x (f64.add (local.get $x) (f64.const 1))) ${LOOP})
    (i64.reinterpret_f64 (local.get $x))))`;
  const code = Buffer.from(prepare(text, { mustBeCommand: false }).prepared);
  const backToLoop = code.indexOf(Buffer.from([0x0d, 0x00]));
  expect(backToLoop).toBeGreaterThan(0);
  expect(code.indexOf(CONSTANTS[1] ?? "")).toBeGreaterThan(backToLoop);
  expect(open(text).call("f", 3)).toBe(0x4008_0000_0000_0000n);
});

const SCALAR = ["ceil", "floor", "trunc", "nearest", "sqrt"];
const OF_TWO = ["add", "sub", "mul", "div", "min", "max"];
const two = (operand: string) => `${operand} ${operand}`;
/** Every instruction that counts as arithmetic, on operands that are canonical. */
const ARITHMETIC = [
  ...[
    ["f32", "(f32.const 1)"],
    ["f64", "(f64.const 1)"],
    ["f32x4", "(local.get $v)"],
    ["f64x2", "(local.get $v)"],
  ].flatMap(([type = "", operand = ""]) => [
    ...SCALAR.map((name) => ({ name: `${type}.${name}`, operands: operand })),
    ...OF_TWO.map((name) => ({ name: `${type}.${name}`, operands: two(operand) })),
  ]),
  { name: "f32.demote_f64", operands: "(f64.const 1)" },
  { name: "f64.promote_f32", operands: "(f32.const 1)" },
  { name: "f32x4.demote_f64x2_zero", operands: "(local.get $v)" },
  { name: "f64x2.promote_low_f32x4", operands: "(local.get $v)" },
];

test.each(ARITHMETIC)("what $name gives is made canonical where it is stored", ({ name, operands }) => {
  const type = /^f\d+x\d/.test(name) ? "v128" : name.slice(0, 3);
  expect(sequences(`(${type}.store (i32.const 0) (${name} ${operands}))`)).toBe(1);
});

test("other instructions on floats give nothing that has to be made canonical", () => {
  for (const value of [
    "(f64.neg (local.get $a))",
    "(f64.abs (local.get $a))",
    "(f64.copysign (local.get $a) (local.get $b))",
  ])
    expect(sequences(store(value)), value).toBe(0);
  for (const name of ["neg", "abs"]) {
    for (const type of ["f32x4", "f64x2"])
      expect(sequences(`(v128.store (i32.const 0) (${type}.${name} (local.get $v)))`)).toBe(0);
  }
});
