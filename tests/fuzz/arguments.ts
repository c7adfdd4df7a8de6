/** Arguments for exported functions: half of them values where arithmetic has its edges. */
import type { Constant, ConstantType } from "../conformance/values.ts";
import type { Random } from "./random.ts";

const EDGES_32 = [
  0, 1, 0xffff_ffff, 0x7fff_ffff, 0x8000_0000, 0xff, 0xffff, 0x1_0000, 0x3f80_0000, 0xbf80_0000, 0x7f80_0000,
  0xff80_0000, 0x7fc0_0000, 0xffc0_0000, 0x7f80_0001, 0x7fe1_2345, 0x4f00_0000, 0x0000_0001, 0x4b00_0000,
] as const;
const EDGES_64 = [
  0n,
  1n,
  0xffff_ffff_ffff_ffffn,
  0x7fff_ffff_ffff_ffffn,
  0x8000_0000_0000_0000n,
  0xffff_ffffn,
  0x3ff0_0000_0000_0000n,
  0x7ff0_0000_0000_0000n,
  0xfff0_0000_0000_0000n,
  0x7ff8_0000_0000_0000n,
  0xfff8_0000_0000_0000n,
  0x7ff0_0000_0000_0001n,
  0x7ffc_1234_5678_9abcn,
  0x43e0_0000_0000_0000n,
] as const;

const bits32 = (random: Random): number => (random.oneIn(2) ? random.pick(EDGES_32) : random.u32()) | 0;
const bits64 = (random: Random): bigint => (random.oneIn(2) ? random.pick(EDGES_64) : random.u64());

const EXTERN = { extern: "of the fuzzer" };

/** Bits for one parameter; references are null, or one of `functions`. */
export function randomArgument(random: Random, type: ConstantType, functions: readonly object[]): Constant {
  switch (type) {
    case "i32":
    case "f32":
      return { type, bits: bits32(random) };
    case "i64":
    case "f64":
      return { type, bits: BigInt.asIntN(64, bits64(random)) };
    case "v128":
      return { type, bits: [bits64(random), bits64(random)] };
    case "externref":
      return { type, bits: random.oneIn(2) ? EXTERN : null };
    case "funcref":
      return { type, bits: random.oneIn(2) ? (functions[random.below(functions.length)] ?? null) : null };
    case "exnref":
      return { type, bits: null };
  }
}
