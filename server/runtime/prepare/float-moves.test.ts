import { expect, test } from "vitest";
import { open } from "../../../tests/support/sandbox.ts";

/** A value boxed in a NaN, as interpreters do it, at address 0; behind it, at 8, the number 0. */
const BOX = 0x7ff4_1234_5678_9abcn;
const SIGN = 1n << 63n;
const CANONICAL = 0x7ff8_0000_0000_0000n;
const BOXED = "(f64.load (i32.const 0))";
/** A number that arithmetic made, and a NaN that it made. */
const COMPUTED = "(f64.add (f64.load (i32.const 8)) (f64.const 1))";
const COMPUTED_NAN = "(f64.div (f64.load (i32.const 8)) (f64.load (i32.const 8)))";
const BOX_VECTOR = "(v128.load (i32.const 0))";
const lane = (index: number, vector: string) => `(i64x2.extract_lane ${index} ${vector})`;

/** The bits that these instructions give; their first parameter is at hand as `$p`. */
function bits(body: string, parameter = 0, fields = ""): bigint {
  const { call } = open(`(module (memory 1) (data (i32.const 0) "\\bc\\9a\\78\\56\\34\\12\\f4\\7f") ${fields}
    (func (export "f") (param $p i32) (result i64) ${body}))`);
  return BigInt.asUintN(64, call("f", parameter) as bigint);
}
const bitsOfFloat = (body: string, parameter = 0, locals = "") =>
  bits(`${locals} (i64.reinterpret_f64 ${body})`, parameter);

test("neg, abs and copysign change the sign of a NaN and nothing else", () => {
  expect(bitsOfFloat(`(f64.neg ${BOXED})`)).toBe(BOX | SIGN);
  expect(bitsOfFloat(`(f64.neg (f64.neg ${BOXED}))`)).toBe(BOX);
  expect(bitsOfFloat(`(f64.abs (f64.neg ${BOXED}))`)).toBe(BOX);
  expect(bitsOfFloat(`(f64.copysign ${BOXED} (f64.const -1))`)).toBe(BOX | SIGN);
  expect(bitsOfFloat(`(f64.copysign (f64.neg ${BOXED}) (f64.const 1))`)).toBe(BOX);
  expect(bitsOfFloat(`(f64.copysign (f64.const 1) (f64.neg ${BOXED}))`)).toBe(0xbff0_0000_0000_0000n);
});

test("neg and abs of vectors change signs and nothing else", () => {
  expect(bits(lane(0, `(f64x2.neg ${BOX_VECTOR})`))).toBe(BOX | SIGN);
  expect(bits(lane(0, `(f64x2.abs (f64x2.neg ${BOX_VECTOR}))`))).toBe(BOX);
  expect(bits(lane(0, `(f32x4.abs (f32x4.neg ${BOX_VECTOR}))`))).toBe(0x7ff4_1234_5678_9abcn);
});

test("a constant NaN keeps its payload", () => {
  expect(bitsOfFloat("(f64.const nan:0x4123456789abc)")).toBe(BOX);
  expect(bitsOfFloat("(f64.const -nan:0x4123456789abc)")).toBe(BOX | SIGN);
  expect(bits(lane(1, "(v128.const i64x2 0 0x7ff4123456789abc)"))).toBe(BOX);
});

test("bits that were reinterpreted as a float come back as they were", () => {
  for (const body of [
    "(f64.reinterpret_i64 (i64.const 0x7ff4123456789abc))",
    `(block (result f64) ${BOXED})`,
  ])
    expect(bitsOfFloat(body)).toBe(BOX);
  expect(
    bits(`(f64.store (i32.const 64) (f64.reinterpret_i64 (i64.const 0x7ff4123456789abc)))
    (i64.load (i32.const 64))`),
  ).toBe(BOX);
});

test("vectors of integers are not taken for floats, whatever stands beside them", () => {
  expect(bits(lane(0, `(i64x2.add ${BOX_VECTOR} (v128.const i64x2 1 1))`))).toBe(BOX + 1n);
  const beside = `(v128.store (i32.const 64) (f64x2.sqrt ${BOX_VECTOR}))`;
  expect(bits(`${beside} ${lane(0, `(v128.and ${BOX_VECTOR} (v128.const i64x2 -1 -1))`)}`)).toBe(BOX);
});

test("a negated NaN that arithmetic made shows as one and the same", () => {
  for (const body of [`(f64.neg ${COMPUTED_NAN})`, `(f64.abs ${COMPUTED_NAN})`, COMPUTED_NAN])
    expect([CANONICAL, CANONICAL | SIGN]).toContain(bitsOfFloat(body));
});

/** Where a value of arithmetic and one that was loaded meet in one local or operation, only the first is touched. */
test("a local that holds a boxed value on one way and a computed one on another keeps the box", () => {
  const body = `(local $x f64) (local.set $x ${BOXED})
    (if (local.get $p) (then (local.set $x (f64.add (local.get $x) (f64.const 1)))))
    (i64.reinterpret_f64 (local.get $x))`;
  expect(bits(body, 1)).toBe(CANONICAL);
  expect(bits(body, 0)).toBe(BOX);
});

test("a local that once held a computed value keeps the box that is put into it later", () => {
  const body = `(local $x f64) (local.set $x ${COMPUTED}) (f64.store (i32.const 64) (local.get $x))
    (local.set $x ${BOXED}) (i64.reinterpret_f64 (local.get $x))`;
  expect(bits(body)).toBe(BOX);
});

test("a box that is chosen instead of a computed value keeps its bits", () => {
  expect(bitsOfFloat(`(select ${BOXED} ${COMPUTED} (i32.const 1))`)).toBe(BOX);
});

test("a box that is given the sign of a computed value keeps its payload", () => {
  expect(bitsOfFloat(`(f64.copysign ${BOXED} (f64.neg ${COMPUTED}))`)).toBe(BOX | SIGN);
});

test("a number given the sign of a NaN that arithmetic made has the sign of the canonical one, on every machine", () => {
  expect(bitsOfFloat(`(f64.copysign (f64.const 1) ${COMPUTED_NAN})`)).toBe(0x3ff0_0000_0000_0000n);
});

test("a lane that is put beside others leaves their bits alone", () => {
  expect(bits(lane(0, `(f64x2.replace_lane 1 ${BOX_VECTOR} ${COMPUTED})`))).toBe(BOX);
});

test("the lesser by bits of a box and a computed value is the box as it was", () => {
  expect(bits(lane(0, `(f64x2.pmin ${BOX_VECTOR} (f64x2.splat ${COMPUTED}))`))).toBe(BOX);
});
