/** The instructions of the first specification and of its extensions, but for vectors. */
import {
  access,
  BULK,
  FLOAT_COMPARES,
  INTEGER_COMPARES,
  prefixed,
  row,
  type Instruction,
  type Row,
} from "./instruction.ts";

const table: Instruction[] = [];
const define = (first: number, names: string, signature: string, more: Row = {}) => {
  table.push(...row(first, names, signature, more));
};

// Control
define(0x00, "unreachable", "?");
define(0x01, "nop", ":");
define(0x02, "block loop if", "?", { immediate: "block" });
define(0x05, "else", "?");
define(0x06, "try", "?", { immediate: "block" });
define(0x07, "catch throw", "?", { immediate: "tag" });
define(0x09, "rethrow", "?", { immediate: "label" });
define(0x0a, "throw_ref end", "?");
define(0x0c, "br br_if", "?", { immediate: "label" });
define(0x0e, "br_table", "?", { immediate: "labels" });
define(0x0f, "return", "?");
define(0x10, "call", "?", { immediate: "function" });
define(0x11, "call_indirect", "?", { immediate: "indirect" });
define(0x12, "return_call", "?", { immediate: "function" });
define(0x13, "return_call_indirect", "?", { immediate: "indirect" });
define(0x18, "delegate", "?", { immediate: "label" });
define(0x19, "catch_all", "?");
define(0x1f, "try_table", "?", { immediate: "catches" });

// Parametric, variables, tables, references
define(0x1a, "drop", "?", { use: "compare" });
define(0x1b, "select", "?", { use: "move" });
define(0x1c, "select", "?", { immediate: "types", use: "move" });
define(0x20, "local.get local.set local.tee", "?", { immediate: "local" });
define(0x23, "global.get global.set", "?", { immediate: "global" });
define(0x25, "table.get", "i:r", { immediate: "table" });
define(0x26, "table.set", "ir:", { immediate: "table" });
define(0xd0, "ref.null", ":r", { immediate: "heap-type" });
define(0xd1, "ref.is_null", "r:i");
define(0xd2, "ref.func", ":r", { immediate: "function" });

// Memory
define(0x28, "i32.load", "i:i", access);
define(0x29, "i64.load", "i:I", access);
define(0x2a, "f32.load", "i:f", access);
define(0x2b, "f64.load", "i:F", access);
define(0x2c, prefixed("i32", "load8_s load8_u load16_s load16_u"), "i:i", access);
define(0x30, prefixed("i64", "load8_s load8_u load16_s load16_u load32_s load32_u"), "i:I", access);
define(0x36, "i32.store", "ii:", access);
define(0x37, "i64.store", "iI:", access);
define(0x38, "f32.store", "if:", access);
define(0x39, "f64.store", "iF:", access);
define(0x3a, "i32.store8 i32.store16", "ii:", access);
define(0x3c, "i64.store8 i64.store16 i64.store32", "iI:", access);
define(0x3f, "memory.size", ":i", { immediate: "memory" });
define(0x40, "memory.grow", "i:i", { immediate: "memory" });

// Numbers
define(0x41, "i32.const", ":i", { immediate: "i32" });
define(0x42, "i64.const", ":I", { immediate: "i64" });
define(0x43, "f32.const", ":f", { immediate: "f32" });
define(0x44, "f64.const", ":F", { immediate: "f64" });
const INTEGER_ARITHMETIC = "add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr";
define(0x45, "i32.eqz", "i:i");
define(0x46, prefixed("i32", INTEGER_COMPARES), "ii:i");
define(0x50, "i64.eqz", "I:i");
define(0x51, prefixed("i64", INTEGER_COMPARES), "II:i");
define(0x5b, prefixed("f32", FLOAT_COMPARES), "ff:i", { use: "compare" });
define(0x61, prefixed("f64", FLOAT_COMPARES), "FF:i", { use: "compare" });
define(0x67, prefixed("i32", "clz ctz popcnt"), "i:i");
define(0x6a, prefixed("i32", INTEGER_ARITHMETIC), "ii:i");
define(0x79, prefixed("i64", "clz ctz popcnt"), "I:I");
define(0x7c, prefixed("i64", INTEGER_ARITHMETIC), "II:I");
for (const [first, type, letter] of [
  [0x8b, "f32", "f"],
  [0x99, "f64", "F"],
] as const) {
  define(first, prefixed(type, "abs neg"), `${letter}:${letter}`);
  define(first + 2, prefixed(type, "ceil floor trunc nearest sqrt"), `${letter}:${letter}`, {
    use: "arithmetic",
  });
  define(first + 7, prefixed(type, "add sub mul div min max"), `${letter}${letter}:${letter}`, {
    use: "arithmetic",
  });
  define(first + 13, `${type}.copysign`, `${letter}${letter}:${letter}`);
}
define(0xa7, "i32.wrap_i64", "I:i");
define(0xa8, "i32.trunc_f32_s i32.trunc_f32_u", "f:i", { use: "compare" });
define(0xaa, "i32.trunc_f64_s i32.trunc_f64_u", "F:i", { use: "compare" });
define(0xac, "i64.extend_i32_s i64.extend_i32_u", "i:I");
define(0xae, "i64.trunc_f32_s i64.trunc_f32_u", "f:I", { use: "compare" });
define(0xb0, "i64.trunc_f64_s i64.trunc_f64_u", "F:I", { use: "compare" });
define(0xb2, "f32.convert_i32_s f32.convert_i32_u", "i:f", { use: "number" });
define(0xb4, "f32.convert_i64_s f32.convert_i64_u", "I:f", { use: "number" });
define(0xb6, "f32.demote_f64", "F:f", { use: "arithmetic" });
define(0xb7, "f64.convert_i32_s f64.convert_i32_u", "i:F", { use: "number" });
define(0xb9, "f64.convert_i64_s f64.convert_i64_u", "I:F", { use: "number" });
define(0xbb, "f64.promote_f32", "f:F", { use: "arithmetic" });
define(0xbc, "i32.reinterpret_f32", "f:i");
define(0xbd, "i64.reinterpret_f64", "F:I");
define(0xbe, "f32.reinterpret_i32", "i:f");
define(0xbf, "f64.reinterpret_i64", "I:F");
define(0xc0, "i32.extend8_s i32.extend16_s", "i:i");
define(0xc2, "i64.extend8_s i64.extend16_s i64.extend32_s", "I:I");
define(BULK, "i32.trunc_sat_f32_s i32.trunc_sat_f32_u", "f:i", { use: "compare" });
define(BULK + 2, "i32.trunc_sat_f64_s i32.trunc_sat_f64_u", "F:i", { use: "compare" });
define(BULK + 4, "i64.trunc_sat_f32_s i64.trunc_sat_f32_u", "f:I", { use: "compare" });
define(BULK + 6, "i64.trunc_sat_f64_s i64.trunc_sat_f64_u", "F:I", { use: "compare" });

// Bulk memory and tables
define(BULK + 8, "memory.init", "iii:", { immediate: "data-memory" });
define(BULK + 9, "data.drop", ":", { immediate: "segment" });
define(BULK + 10, "memory.copy", "iii:", { immediate: "memory-memory" });
define(BULK + 11, "memory.fill", "iii:", { immediate: "memory" });
define(BULK + 12, "table.init", "iii:", { immediate: "element-table" });
define(BULK + 13, "elem.drop", ":", { immediate: "segment" });
define(BULK + 14, "table.copy", "iii:", { immediate: "table-table" });
define(BULK + 15, "table.grow", "ri:i", { immediate: "table" });
define(BULK + 16, "table.size", ":i", { immediate: "table" });
define(BULK + 17, "table.fill", "iri:", { immediate: "table" });

export const CORE_INSTRUCTIONS: readonly Instruction[] = table;
