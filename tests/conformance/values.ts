/** Values of the official scripts: constants as bits, and what is expected of results. Bits, because JavaScript's
 * numbers do not keep those of a NaN. */
import { headOf, wordOf, type List } from "./s-expressions.ts";

/** i32 and f32 as 32 bits, i64 and f64 as 64, v128 as two times 64, references as what they refer to. */
export type Bits = number | bigint | readonly [bigint, bigint] | object | null;

export type ConstantType = "i32" | "i64" | "f32" | "f64" | "v128" | "externref" | "funcref" | "exnref";

export interface Constant {
  readonly type: ConstantType;
  readonly bits: Bits;
}

/** What a result must be: these bits, or any NaN of a kind, lane by lane for vectors. */
export interface Expected {
  readonly type: ConstantType;
  readonly matches: (bits: Bits) => boolean;
}

const scratch = new DataView(new ArrayBuffer(16));

function parseInteger(text: string): bigint {
  const plain = text.replaceAll("_", "");
  const isNegative = plain.startsWith("-");
  const value = BigInt(plain.replace(/^[+-]/, ""));
  return isNegative ? -value : value;
}

/** A hexadecimal float with binary exponent, rounded once to the width. */
function parseHexFloat(text: string, width: 32 | 64): number {
  const [, whole = "", fraction = "", exponent = "0"] =
    /^0x([0-9a-f]*)\.?([0-9a-f]*)(?:p([+-]?\d+))?$/i.exec(text) ?? [];
  let mantissa = BigInt(`0x${whole}${fraction}` === "0x" ? "0x0" : `0x${whole}${fraction}`);
  let power = Number(exponent) - 4 * fraction.length;
  if (mantissa === 0n) return 0;
  const [precision, least] = width === 64 ? [53, -1_074] : [24, -149];
  const bits = mantissa.toString(2).length;
  const drop = Math.max(bits - precision, least - power);
  if (drop > 0) {
    const cut = 1n << BigInt(drop);
    const [kept, rest] = [mantissa / cut, mantissa % cut];
    const half = cut / 2n;
    const isUp = rest > half || (rest === half && kept % 2n === 1n);
    mantissa = kept + (isUp ? 1n : 0n);
    power += drop;
  }
  // The mantissa fits now; two steps keep the power of two within what a double can hold.
  const first = Math.trunc(power / 2);
  return Number(mantissa) * 2 ** first * 2 ** (power - first);
}

function floatBits(text: string, width: 32 | 64): bigint {
  const plain = text.replaceAll("_", "").toLowerCase();
  const isNegative = plain.startsWith("-");
  const body = plain.replace(/^[+-]/, "");
  const sign = isNegative ? 1n << BigInt(width - 1) : 0n;
  const infinity = width === 32 ? 0x7f80_0000n : 0x7ff0_0000_0000_0000n;
  const quiet = width === 32 ? 0x40_0000n : 0x8_0000_0000_0000n;
  if (body === "inf") return sign | infinity;
  if (body === "nan") return sign | infinity | quiet;
  if (body.startsWith("nan:0x")) return sign | infinity | BigInt(body.slice(4));
  const value = body.startsWith("0x") ? parseHexFloat(body, width) : Number(body);
  if (width === 32) {
    scratch.setFloat32(0, value);
    return sign | BigInt(scratch.getUint32(0));
  }
  scratch.setFloat64(0, value);
  return sign | scratch.getBigUint64(0);
}

type LaneTest = (lane: bigint) => boolean;

function nanTest(kind: string, width: 32 | 64): LaneTest {
  const infinity = width === 32 ? 0x7f80_0000n : 0x7ff0_0000_0000_0000n;
  const quiet = width === 32 ? 0x40_0000n : 0x8_0000_0000_0000n;
  const magnitude = (1n << BigInt(width - 1)) - 1n;
  return kind === "nan:canonical"
    ? (lane) => (lane & magnitude) === (infinity | quiet)
    : (lane) => (lane & (infinity | quiet)) === (infinity | quiet);
}

const LANES: Readonly<Record<string, { count: number; width: 8 | 16 | 32 | 64; isFloat: boolean }>> = {
  i8x16: { count: 16, width: 8, isFloat: false },
  i16x8: { count: 8, width: 16, isFloat: false },
  i32x4: { count: 4, width: 32, isFloat: false },
  i64x2: { count: 2, width: 64, isFloat: false },
  f32x4: { count: 4, width: 32, isFloat: true },
  f64x2: { count: 2, width: 64, isFloat: true },
};

function laneBits(word: string, width: 8 | 16 | 32 | 64, isFloat: boolean): bigint {
  return isFloat ? floatBits(word, width === 32 ? 32 : 64) : BigInt.asUintN(width, parseInteger(word));
}

function joinLanes(lanes: readonly bigint[], width: number): [bigint, bigint] {
  let whole = 0n;
  lanes.forEach((lane, i) => {
    whole |= lane << BigInt(i * width);
  });
  return [BigInt.asUintN(64, whole), whole >> 64n];
}

function splitLanes([low, high]: readonly [bigint, bigint], count: number, width: number): bigint[] {
  const whole = low | (high << 64n);
  return Array.from({ length: count }, (_, i) => BigInt.asUintN(width, whole >> BigInt(i * width)));
}

/** Objects that stand for `(ref.extern n)`. */
const externs = new Map<string, object>();
function externOf(name: string): object {
  const known = externs.get(name) ?? { extern: name };
  externs.set(name, known);
  return known;
}

const refTypeOf = (kind: string): ConstantType => {
  if (kind === "func") return "funcref";
  return kind === "exn" ? "exnref" : "externref";
};

/** A constant argument; null for what this reader does not know. */
export function readConstant(list: List): Constant | null {
  const [, first, ...more] = list.items.map(wordOf);
  const head = headOf(list);
  if (head === "i32.const")
    return { type: "i32", bits: Number(BigInt.asIntN(32, parseInteger(first ?? ""))) };
  if (head === "i64.const") return { type: "i64", bits: BigInt.asIntN(64, parseInteger(first ?? "")) };
  if (head === "f32.const")
    return { type: "f32", bits: Number(BigInt.asIntN(32, floatBits(first ?? "", 32))) };
  if (head === "f64.const") return { type: "f64", bits: BigInt.asIntN(64, floatBits(first ?? "", 64)) };
  if (head === "ref.null") return { type: refTypeOf(first ?? ""), bits: null };
  if (head === "ref.extern") return { type: "externref", bits: externOf(first ?? "") };
  const shape = head === "v128.const" ? LANES[first ?? ""] : undefined;
  if (shape === undefined) return null;
  const lanes = more.map((word) => laneBits(word, shape.width, shape.isFloat));
  return { type: "v128", bits: joinLanes(lanes, shape.width) };
}

function readVectorExpected(shape: string, words: readonly string[]): Expected | null {
  const lanes = LANES[shape];
  if (lanes === undefined) return null;
  const tests = words.map((word): LaneTest => {
    if (word === "nan:canonical" || word === "nan:arithmetic")
      return nanTest(word, lanes.width === 32 ? 32 : 64);
    const wanted = laneBits(word, lanes.width, lanes.isFloat);
    return (lane) => lane === wanted;
  });
  const matches = (bits: Bits) =>
    Array.isArray(bits) &&
    splitLanes(bits as unknown as [bigint, bigint], lanes.count, lanes.width).every(
      (lane, i) => tests[i]?.(lane) ?? false,
    );
  return { type: "v128", matches };
}

/** What a result is expected to be; null for what this reader does not know. */
export function readExpected(list: List): Expected | null {
  const [, first = "", ...more] = list.items.map(wordOf);
  const head = headOf(list);
  if (head === "v128.const") return readVectorExpected(first, more);
  if (first === "nan:canonical" || first === "nan:arithmetic") {
    const width = head === "f32.const" ? 32 : 64;
    const test = nanTest(first, width);
    return {
      type: width === 32 ? "f32" : "f64",
      matches: (bits) =>
        (typeof bits === "number" || typeof bits === "bigint") && test(BigInt.asUintN(width, BigInt(bits))),
    };
  }
  if (head === "ref.func" || (head === "ref.extern" && first === "")) {
    return { type: head === "ref.func" ? "funcref" : "externref", matches: (bits) => bits !== null };
  }
  const constant = readConstant(list);
  if (constant === null) return null;
  return {
    type: constant.type,
    matches: (bits) =>
      Array.isArray(constant.bits) && Array.isArray(bits)
        ? constant.bits[0] === BigInt.asUintN(64, bits[0] as bigint) &&
          constant.bits[1] === BigInt.asUintN(64, bits[1] as bigint)
        : bits === constant.bits,
  };
}
