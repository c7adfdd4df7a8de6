/**
 * The instructions a spell may use: their names, immediates, operands and results, what they do to float bits, and
 * what they cost. Everything that is not here is refused by name (see refused.ts).
 * Source: WebAssembly Core Specification, "Instructions" of the binary format, and its instruction index.
 */

/** What follows the opcode in the binary. */
export type Immediate =
  | "none"
  | "block"
  | "label"
  | "labels"
  | "function"
  | "indirect"
  | "local"
  | "global"
  | "table"
  | "tag"
  | "catches"
  | "memory"
  | "memory-argument"
  | "memory-lane"
  | "types"
  | "heap-type"
  | "i32"
  | "i64"
  | "f32"
  | "f64"
  | "v128"
  | "lane"
  | "element-table"
  | "segment"
  | "table-table"
  | "data-memory"
  | "memory-memory";

/**
 * What an instruction does to the bits of floats:
 * - `arithmetic`: results may be NaN with any payload; operands may be such (only numbers matter)
 * - `compare`: operands may be such; the result does not show their bits
 * - `move`: the result is one of its operands, or holds them, bit for bit
 * - `number`: the result is never a NaN
 * - `other`: shows the bits of its operands; a result has bits that are to be kept
 */
export type FloatUse = "arithmetic" | "compare" | "move" | "number" | "other";

/** Bits of one float. */
export type LaneWidth = 32 | 64;

export interface Instruction {
  /** The opcode; prefixed ones as `prefix * 0x1000 + number`. */
  readonly code: number;
  readonly name: string;
  readonly immediate: Immediate;
  /**
   * Operand and result types: i i32, I i64, f f32, F f64, v v128, r a reference. Null where they depend on
   * immediates or on the control structure.
   */
  readonly operands: string | null;
  readonly results: string;
  readonly floatUse: FloatUse;
  /** The width of the floats among the operands, in a v128 too. */
  readonly lane: LaneWidth;
  /** The width of the floats in the result: what a canonical NaN has to look like. */
  readonly resultLane: LaneWidth;
  readonly weight: number;
}

export const PREFIX = 0x1000;
export const BULK = 0xfc * PREFIX;
export const SIMD = 0xfd * PREFIX;

/** Fuel of one instruction of schedule 2, where it is not 1: structure that compiles to nothing, and what is slow. */
const FREE_OF_CHARGE = new Set([
  "block",
  "loop",
  "end",
  "else",
  "nop",
  "try",
  "try_table",
  "drop",
  "delegate",
]);
const SLOW: readonly (readonly [RegExp, number])[] = [
  [/\.(div|rem)_[su]$/, 8],
  [/^f(32|64)\.(div|sqrt)$/, 6],
  [/^f(32x4|64x2)\.(div|sqrt)$/, 8],
  [/^(return_)?call$/, 4],
  [/^(return_)?call_indirect$/, 8],
  [/^(throw|throw_ref|rethrow)$/, 500],
  [/^(memory|table)\.(copy|fill|init|grow)$/, 20],
];

function weightOf(name: string): number {
  if (FREE_OF_CHARGE.has(name)) return 0;
  return SLOW.find(([pattern]) => pattern.test(name))?.[1] ?? 1;
}

/** What a row of the tables may say besides names and signature. */
export interface Row {
  readonly immediate?: Immediate;
  readonly use?: FloatUse;
  readonly lane?: LaneWidth;
}

/** Consecutive instructions that share a signature, written `operands:results`, or `?` where it depends. */
export function row(
  first: number,
  names: string,
  signature: string,
  { immediate, use, lane }: Row = {},
): Instruction[] {
  const [operands = "", results = ""] = signature.split(":");
  return names.split(" ").map((name, i) => ({
    code: first + i,
    name,
    immediate: immediate ?? "none",
    operands: signature === "?" ? null : operands,
    results,
    floatUse: use ?? "other",
    lane: lane ?? (/^f64/.test(name) ? 64 : 32),
    resultLane: /^f64/.test(name) ? 64 : 32,
    weight: weightOf(name),
  }));
}

/** Names with their type in front: `add sub` of `i32` are `i32.add i32.sub`. */
export const prefixed = (type: string, names: string): string =>
  names
    .split(" ")
    .map((name) => `${type}.${name}`)
    .join(" ");

export const INTEGER_COMPARES = "eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u";
export const FLOAT_COMPARES = "eq ne lt gt le ge";
/** A memory access with its alignment and offset. */
export const access = { immediate: "memory-argument" } as const;
