import { expect, test } from "vitest";
import { open } from "../../../tests/support/sandbox.ts";

type Width = 32 | 64;

const CANONICAL = { 32: 0x7fc0_0000n, 64: 0x7ff8_0000_0000_0000n } as const;
/** NaNs with payloads and signs of all kinds: quiet, signalling, the canonical one and its negative. */
const NANS = {
  32: [0x7fc0_0001n, 0xffc1_2345n, 0x7f80_0001n, 0xffbf_ffffn, 0x7fff_ffffn, 0x7fc0_0000n, 0xffc0_0000n],
  64: [
    0x7ff8_0000_0000_0001n,
    0xfff9_1234_5678_9abcn,
    0x7ff0_0000_0000_0001n,
    0xfff7_ffff_ffff_ffffn,
    0x7fff_ffff_ffff_ffffn,
    0x7ff8_0000_0000_0000n,
    0xfff8_0000_0000_0000n,
  ],
} as const;
const bitsOf = (width: Width, value: number): bigint => {
  const view = new DataView(new ArrayBuffer(8));
  if (width === 32) view.setFloat32(0, value);
  else view.setFloat64(0, value);
  return width === 32 ? BigInt(view.getUint32(0)) : view.getBigUint64(0);
};
const NUMBERS = [0, -0, 1, -2.5, Infinity, -Infinity];

const UNARY = ["sqrt", "ceil", "floor", "trunc", "nearest"];
const BINARY = ["add", "sub", "mul", "div", "min", "max"];
const float = (width: Width) => `f${width}`;
const integer = (width: Width) => `i${width}`;

/** Bits in, bits out: `f(a, b)` by one instruction. */
function scalar(instruction: string, given: Width, result: Width, isBinary: boolean, rules = true) {
  const operand = (index: number) => `(${float(given)}.reinterpret_i${given} (local.get ${index}))`;
  const operands = isBinary ? `${operand(0)} ${operand(1)}` : operand(0);
  const { call } = open(
    `(module (func (export "f") (param ${integer(given)} ${integer(given)}) (result ${integer(result)})
      (${integer(result)}.reinterpret_${float(result)} (${instruction} ${operands}))))`,
    { rules: { hasFuel: true, hasFloats: rules } },
  );
  const asGiven = (bits: bigint) =>
    given === 32 ? Number(BigInt.asIntN(32, bits)) : BigInt.asIntN(64, bits);
  return (a: bigint, b = 0n) =>
    BigInt.asUintN(result, BigInt(call("f", asGiven(a), asGiven(b)) as number | bigint));
}

const SCALARS = ([32, 64] as const).flatMap((width) => [
  ...UNARY.map((name) => ({ name: `${float(width)}.${name}`, given: width, result: width, isBinary: false })),
  ...BINARY.map((name) => ({ name: `${float(width)}.${name}`, given: width, result: width, isBinary: true })),
]);
const CONVERSIONS = [
  { name: "f32.demote_f64", given: 64, result: 32, isBinary: false },
  { name: "f64.promote_f32", given: 32, result: 64, isBinary: false },
] as const;

test.each([...SCALARS, ...CONVERSIONS])("$name of whatever NaN shows the canonical one", (one) => {
  const compute = scalar(one.name, one.given, one.result, one.isBinary);
  const numbers = NUMBERS.map((value) => bitsOf(one.given, value));
  for (const nan of NANS[one.given]) {
    for (const other of [...numbers, ...NANS[one.given]]) {
      expect(compute(nan, other)).toBe(CANONICAL[one.result]);
      if (one.isBinary) expect(compute(other, nan)).toBe(CANONICAL[one.result]);
    }
  }
});

test.each(["add", "sub", "mul", "div"].flatMap((name) => [`f32.${name}`, `f64.${name}`]))(
  "without preparation %s shows other NaNs here, or it would need none",
  (name) => {
    const width = name.startsWith("f32") ? 32 : 64;
    const compute = scalar(name, width, width, true, false);
    const shown = NANS[width].map((nan) => compute(nan, bitsOf(width, 1)));
    expect(new Set(shown).size).toBeGreaterThan(1);
  },
);

test.each([
  ["div", 0, 0],
  ["div", Infinity, -Infinity],
  ["sub", Infinity, Infinity],
  ["add", Infinity, -Infinity],
  ["mul", 0, -Infinity],
  ["sqrt", -1, 0],
])("a NaN that %s of %d and %d makes is the canonical one", (name, a, b) => {
  for (const width of [32, 64] as const) {
    const compute = scalar(`${float(width)}.${name}`, width, width, name !== "sqrt");
    expect(compute(bitsOf(width, a), bitsOf(width, b))).toBe(CANONICAL[width]);
  }
});

test("numbers are what they are, zeros with their signs", () => {
  for (const width of [32, 64] as const) {
    const at = (value: number) => bitsOf(width, value);
    const binary = (name: string) => scalar(`${float(width)}.${name}`, width, width, true);
    expect(binary("add")(at(1.5), at(2))).toBe(at(3.5));
    expect(binary("div")(at(-1), at(Infinity))).toBe(at(-0));
    expect(binary("min")(at(0), at(-0))).toBe(at(-0));
    expect(scalar(`${float(width)}.nearest`, width, width, false)(at(-0.5))).toBe(at(-0));
  }
  expect(scalar("f32.demote_f64", 64, 32, false)(bitsOf(64, 1e300))).toBe(bitsOf(32, Infinity));
  expect(scalar("f64.promote_f32", 32, 64, false)(bitsOf(32, 0.1))).toBe(bitsOf(64, Math.fround(0.1)));
});

/** Two lanes of 64 bits in, two out: `f(a, b)` by one instruction on vectors. */
function vectors(instruction: string, isBinary: boolean, hasFloats = true) {
  const operand = (low: number) =>
    `(i64x2.replace_lane 1 (i64x2.splat (local.get ${low})) (local.get ${low + 1}))`;
  const { call } = open(
    `(module (func (export "f") (param i64 i64 i64 i64) (result i64 i64) (local $v v128)
      (local.set $v (${instruction} ${operand(0)} ${isBinary ? operand(2) : ""}))
      (i64x2.extract_lane 0 (local.get $v)) (i64x2.extract_lane 1 (local.get $v))))`,
    { rules: { hasFuel: true, hasFloats } },
  );
  return (a: readonly [bigint, bigint], b: readonly [bigint, bigint] = a) => {
    const given = [...a, ...b].map((bits) => BigInt.asIntN(64, bits));
    return (call("f", ...given) as bigint[]).map((bits) => BigInt.asUintN(64, bits));
  };
}
const pair = (low: bigint, high: bigint) => low | (high << 32n);

test.each(
  ([32, 64] as const).flatMap((width) =>
    [...UNARY, ...BINARY].map((name) => ({
      name: `f${width}x${128 / width}.${name}`,
      width,
      isBinary: BINARY.includes(name),
    })),
  ),
)("$name shows the canonical NaN in each lane, and leaves the others alone", ({ name, width, isBinary }) => {
  const compute = vectors(name, isBinary);
  const one = bitsOf(width, 1);
  for (const nan of NANS[width]) {
    if (width === 64) {
      expect(compute([nan, one])[0]).toBe(CANONICAL[64]);
      expect(compute([one, nan])[1]).toBe(CANONICAL[64]);
      expect(compute([one, nan])[0]).toBe(compute([one, one])[0]);
    } else {
      const lanes = compute([pair(nan, one), pair(one, nan)]);
      const plain = compute([pair(one, one), pair(one, one)])[0] ?? 0n;
      expect(lanes).toEqual([pair(CANONICAL[32], plain >> 32n), pair(plain & 0xffff_ffffn, CANONICAL[32])]);
    }
  }
});

test("conversions between vectors of both widths show the canonical NaN of the width they give", () => {
  const demote = vectors("f32x4.demote_f64x2_zero", false);
  const promote = vectors("f64x2.promote_low_f32x4", false);
  for (const nan of NANS[64])
    expect(demote([nan, bitsOf(64, 1)])).toEqual([pair(CANONICAL[32], bitsOf(32, 1)), 0n]);
  for (const nan of NANS[32])
    expect(promote([pair(nan, bitsOf(32, 2)), 0n])).toEqual([CANONICAL[64], bitsOf(64, 2)]);
});

test("without preparation vectors show other NaNs here", () => {
  const compute = vectors("f64x2.add", true, false);
  expect(new Set(NANS[64].map((nan) => compute([nan, 0n])[0])).size).toBeGreaterThan(1);
});
