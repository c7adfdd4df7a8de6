/** The instructions on vectors of 128 bits. */
import {
  access,
  FLOAT_COMPARES,
  INTEGER_COMPARES,
  prefixed,
  row,
  SIMD,
  type Instruction,
  type Row,
} from "./instruction.ts";

const table: Instruction[] = [];
const simd = (first: number, names: string, signature: string, more: Row = {}) => {
  table.push(...row(SIMD + first, names, signature, more));
};

const lane = { immediate: "lane" } as const;
simd(
  0,
  prefixed("v128", "load load8x8_s load8x8_u load16x4_s load16x4_u load32x2_s load32x2_u"),
  "i:v",
  access,
);
simd(7, prefixed("v128", "load8_splat load16_splat load32_splat load64_splat"), "i:v", access);
simd(11, "v128.store", "iv:", access);
simd(12, "v128.const", ":v", { immediate: "v128" });
simd(13, "i8x16.shuffle", "vv:v", { immediate: "v128" });
simd(14, "i8x16.swizzle", "vv:v");
simd(15, "i8x16.splat i16x8.splat i32x4.splat", "i:v");
simd(18, "i64x2.splat", "I:v");
simd(19, "f32x4.splat", "f:v", { use: "move", lane: 32 });
simd(20, "f64x2.splat", "F:v", { use: "move", lane: 64 });
simd(21, "i8x16.extract_lane_s i8x16.extract_lane_u", "v:i", lane);
simd(23, "i8x16.replace_lane", "vi:v", lane);
simd(24, "i16x8.extract_lane_s i16x8.extract_lane_u", "v:i", lane);
simd(26, "i16x8.replace_lane", "vi:v", lane);
simd(27, "i32x4.extract_lane", "v:i", lane);
simd(28, "i32x4.replace_lane", "vi:v", lane);
simd(29, "i64x2.extract_lane", "v:I", lane);
simd(30, "i64x2.replace_lane", "vI:v", lane);
simd(31, "f32x4.extract_lane", "v:f", { ...lane, use: "move", lane: 32 });
simd(32, "f32x4.replace_lane", "vf:v", { ...lane, use: "move", lane: 32 });
simd(33, "f64x2.extract_lane", "v:F", { ...lane, use: "move", lane: 64 });
simd(34, "f64x2.replace_lane", "vF:v", { ...lane, use: "move", lane: 64 });
simd(35, prefixed("i8x16", INTEGER_COMPARES), "vv:v");
simd(45, prefixed("i16x8", INTEGER_COMPARES), "vv:v");
simd(55, prefixed("i32x4", INTEGER_COMPARES), "vv:v");
simd(65, prefixed("f32x4", FLOAT_COMPARES), "vv:v", { use: "compare", lane: 32 });
simd(71, prefixed("f64x2", FLOAT_COMPARES), "vv:v", { use: "compare", lane: 64 });
simd(77, "v128.not", "v:v");
simd(78, prefixed("v128", "and andnot or xor"), "vv:v");
simd(82, "v128.bitselect", "vvv:v");
simd(83, "v128.any_true", "v:i");
const laneAccess = { immediate: "memory-lane" } as const;
simd(84, prefixed("v128", "load8_lane load16_lane load32_lane load64_lane"), "iv:v", laneAccess);
simd(88, prefixed("v128", "store8_lane store16_lane store32_lane store64_lane"), "iv:", laneAccess);
simd(92, "v128.load32_zero v128.load64_zero", "i:v", access);
simd(94, "f32x4.demote_f64x2_zero", "v:v", { use: "arithmetic", lane: 64 });
simd(95, "f64x2.promote_low_f32x4", "v:v", { use: "arithmetic", lane: 32 });
simd(96, prefixed("i8x16", "abs neg popcnt"), "v:v");
simd(99, "i8x16.all_true i8x16.bitmask", "v:i");
simd(101, "i8x16.narrow_i16x8_s i8x16.narrow_i16x8_u", "vv:v");
simd(103, prefixed("f32x4", "ceil floor trunc nearest"), "v:v", { use: "arithmetic", lane: 32 });
simd(107, prefixed("i8x16", "shl shr_s shr_u"), "vi:v");
simd(110, prefixed("i8x16", "add add_sat_s add_sat_u sub sub_sat_s sub_sat_u"), "vv:v");
simd(116, "f64x2.ceil f64x2.floor", "v:v", { use: "arithmetic", lane: 64 });
simd(118, prefixed("i8x16", "min_s min_u max_s max_u"), "vv:v");
simd(122, "f64x2.trunc", "v:v", { use: "arithmetic", lane: 64 });
simd(123, "i8x16.avgr_u", "vv:v");
simd(124, "i16x8.extadd_pairwise_i8x16_s i16x8.extadd_pairwise_i8x16_u", "v:v");
simd(126, "i32x4.extadd_pairwise_i16x8_s i32x4.extadd_pairwise_i16x8_u", "v:v");
simd(148, "f64x2.nearest", "v:v", { use: "arithmetic", lane: 64 });
for (const [first, type, half] of [
  [128, "i16x8", "i8x16"],
  [160, "i32x4", "i16x8"],
  [192, "i64x2", "i32x4"],
] as const) {
  const halves = (name: string) =>
    `${type}.${name}_low_${half}_s ${type}.${name}_high_${half}_s ${type}.${name}_low_${half}_u ${type}.${name}_high_${half}_u`;
  simd(first, prefixed(type, "abs neg"), "v:v");
  simd(first + 3, prefixed(type, "all_true bitmask"), "v:i");
  simd(first + 7, halves("extend"), "v:v");
  simd(first + 11, prefixed(type, "shl shr_s shr_u"), "vi:v");
  simd(first + 14, `${type}.add`, "vv:v");
  simd(first + 17, `${type}.sub`, "vv:v");
  simd(first + 21, `${type}.mul`, "vv:v");
  simd(first + 28, halves("extmul"), "vv:v");
}
simd(130, "i16x8.q15mulr_sat_s", "vv:v");
simd(133, "i16x8.narrow_i32x4_s i16x8.narrow_i32x4_u", "vv:v");
simd(143, "i16x8.add_sat_s i16x8.add_sat_u", "vv:v");
simd(146, "i16x8.sub_sat_s i16x8.sub_sat_u", "vv:v");
simd(150, prefixed("i16x8", "min_s min_u max_s max_u"), "vv:v");
simd(155, "i16x8.avgr_u", "vv:v");
simd(182, prefixed("i32x4", "min_s min_u max_s max_u dot_i16x8_s"), "vv:v");
simd(214, prefixed("i64x2", "eq ne lt_s gt_s le_s ge_s"), "vv:v");
for (const [first, type, width] of [
  [224, "f32x4", 32],
  [236, "f64x2", 64],
] as const) {
  simd(first, prefixed(type, "abs neg"), "v:v");
  simd(first + 3, `${type}.sqrt`, "v:v", { use: "arithmetic", lane: width });
  simd(first + 4, prefixed(type, "add sub mul div min max"), "vv:v", { use: "arithmetic", lane: width });
  simd(first + 10, prefixed(type, "pmin pmax"), "vv:v", { use: "move", lane: width });
}
simd(248, "i32x4.trunc_sat_f32x4_s i32x4.trunc_sat_f32x4_u", "v:v", { use: "compare", lane: 32 });
simd(250, "f32x4.convert_i32x4_s f32x4.convert_i32x4_u", "v:v");
simd(252, "i32x4.trunc_sat_f64x2_s_zero i32x4.trunc_sat_f64x2_u_zero", "v:v", { use: "compare", lane: 64 });
simd(254, "f64x2.convert_low_i32x4_s f64x2.convert_low_i32x4_u", "v:v");

export const VECTOR_INSTRUCTIONS: readonly Instruction[] = table;
