import { expect, test } from "vitest";
import { open, refusal } from "../../../tests/support/sandbox.ts";
import { assemble, binary, binaryCode, vector } from "../../../tests/support/wat.ts";

const PLAIN = '(memory (export "memory") 1) (func (export "_start"))';
const wat = (fields: string) => assemble(`(module ${fields})`);
const command = (fields: string) => wat(`${PLAIN} ${fields}`);
/** A command with one more type, or one more local. */
const withType = (...type: number[]) => binary({ 1: vector([[0x60, 0, 0], type]) });
const withLocal = (...type: number[]) => binary({ 10: binaryCode([], [[1, ...type]]) });

/** A command of these instructions; one more type, `(i32) -> (i32)`, is number 1. */
const code = (...bytes: number[]) =>
  binary({
    1: vector([
      [0x60, 0, 0],
      [0x60, 1, 0x7f, 1, 0x7f],
    ]),
    10: binaryCode(bytes),
  });

const GC_TYPES = "defines types other than functions: garbage collection is not allowed";
const GC = "uses garbage collection";
const OTHER_REFERENCES = "uses references other than funcref, externref and exnref, which are not allowed";
const GC_TYPE = "uses types of garbage collection, which are not allowed";
const TYPED = "uses typed references, which are not allowed";
const RELAXED = "uses relaxed SIMD, whose results depend on the machine";
const ATOMIC = "uses threads and atomic operations";
const CONSTANT = "uses extended constant expressions, which are not allowed";
const EXNREF = "keeps exceptions in a table, a global or an exception, which is not allowed";
const SHARED_MEMORY = "has a shared or 64-bit memory, which is not allowed";

const ZERO = "(v128.const i64x2 0 0)";
const LANES_OF = (name: string, count: number) => `(func (drop (${name} ${ZERO.repeat(count)})))`;

const REFUSED: readonly (readonly [what: string, bytes: Uint8Array, message: string])[] = [
  ["a struct type", command("(type (struct (field i32)))"), GC_TYPES],
  ["an array type", command("(type (array (mut i32)))"), GC_TYPES],
  ["a recursive group of types", withType(0x4e, 1, 0x60, 0, 0), GC_TYPES],
  ["a type open to subtypes", withType(0x50, 0, 0x60, 0, 0), GC_TYPES],
  ["a parameter of anyref", withType(0x60, 1, 0x6e, 0), GC_TYPE],
  ["a local of i31ref", withLocal(0x6c), GC_TYPE],
  ["ref.i31", code(0x41, 0, 0xfb, 0x1c, 0x1a), GC],
  ["any.convert_extern", code(0xd0, 0x6f, 0xfb, 0x1a, 0x1a), GC],
  ["ref.null any", code(0xd0, 0x6e, 0x1a), OTHER_REFERENCES],
  ["ref.null of a type", code(0xd0, 0x00, 0x1a), OTHER_REFERENCES],
  ["ref.eq", code(0x00, 0xd3, 0x1a), "uses garbage collection (ref.eq)"],
  ["call_ref", code(0x00, 0x14, 0), "uses typed function references (call_ref)"],
  ["return_call_ref", code(0x00, 0x15, 0), "uses typed function references (call_ref)"],
  ["ref.as_non_null", code(0xd0, 0x70, 0xd4, 0x1a), "uses typed function references"],
  ["br_on_null", code(0xd0, 0x70, 0xd5, 0, 0x1a), "uses typed function references"],
  [
    "br_on_non_null",
    code(0x02, 0x70, 0xd0, 0x70, 0xd6, 0, 0x00, 0x0b, 0x1a),
    "uses typed function references",
  ],
  ["a parameter of a typed reference", withType(0x60, 1, 0x63, 0x70, 0), TYPED],
  ["a local of a typed reference", withLocal(0x63, 0x70), TYPED],
  ["a block of a reference that is never null", code(0x02, 0x64, 0x70, 0x00, 0x0b, 0x1a), TYPED],
  ["i8x16.relaxed_swizzle", command(LANES_OF("i8x16.relaxed_swizzle", 2)), RELAXED],
  ["f32x4.relaxed_madd", command(LANES_OF("f32x4.relaxed_madd", 3)), RELAXED],
  ["i32x4.relaxed_dot", command(LANES_OF("i32x4.relaxed_dot_i8x16_i7x16_add_s", 3)), RELAXED],
  ["an atomic load", command("(func (drop (i32.atomic.load (i32.const 0))))"), ATOMIC],
  [
    "an atomic exchange",
    command("(func (drop (i64.atomic.rmw8.cmpxchg_u (i32.const 0) (i64.const 0) (i64.const 0))))"),
    ATOMIC,
  ],
  [
    "memory.atomic.notify",
    command("(func (drop (memory.atomic.notify (i32.const 0) (i32.const 0))))"),
    ATOMIC,
  ],
  ["atomic.fence", command("(func atomic.fence)"), ATOMIC],
  ["a shared memory", wat('(memory (export "memory") 1 2 shared) (func (export "_start"))'), SHARED_MEMORY],
  ["a 64-bit memory", wat('(memory (export "memory") i64 1) (func (export "_start"))'), SHARED_MEMORY],
  [
    "a 64-bit memory with a maximum",
    wat('(memory (export "memory") i64 1 2) (func (export "_start"))'),
    SHARED_MEMORY,
  ],
  ["a 64-bit table", command("(table i64 1 funcref)"), "has a shared or 64-bit table, which is not allowed"],
  ["two memories", command("(memory 1)"), "has 2 memories; the most is 1"],
  ["a sum in a global", command("(global i32 (i32.add (i32.const 1) (i32.const 2)))"), CONSTANT],
  ["a product in a segment's offset", command('(data (i32.mul (i32.const 1) (i32.const 2)) "x")'), CONSTANT],
  [
    "a difference in an element's offset",
    command("(table 3 funcref) (elem (i32.sub (i32.const 2) (i32.const 1)) 0)"),
    CONSTANT,
  ],
  [
    "a table with an initial value",
    binary({ 4: vector([[0x40, 0x00, 0x70, 0, 1, 0xd0, 0x70, 0x0b]]) }),
    "gives a table an initial value of its own: typed function references are not allowed",
  ],
  ["a table of exceptions", binary({ 4: vector([[0x69, 0, 1]]) }), EXNREF],
  [
    "an exception that carries another",
    binary({
      1: vector([
        [0x60, 0, 0],
        [0x60, 1, 0x69, 0],
      ]),
      13: vector([[0, 1]]),
    }),
    EXNREF,
  ],
  ["a global of an exception", binary({ 6: vector([[0x69, 1, 0xd0, 0x69, 0x0b]]) }), EXNREF],
];

test.each(REFUSED)("%s is valid, and refused by name", (_what, bytes, message) => {
  expect(WebAssembly.validate(Uint8Array.from(bytes))).toBe(true);
  expect(refusal(bytes)).toBe(message);
});

/** What an allowed feature gives; the engine is asked the same without preparation. */
const ALLOWED: readonly (readonly [what: string, fields: string, value: unknown])[] = [
  [
    "exceptions of the first form",
    `(tag $e (param i32)) (func (export "go") (result i32)
    (try (result i32) (do (throw $e (i32.const 41))) (catch $e (i32.add (i32.const 1)))))`,
    42,
  ],
  [
    "catch_all and rethrow",
    `(tag $e (param i32)) (func (export "go") (result i32)
    (try (result i32) (do (try $t (do (throw $e (i32.const 7))) (catch_all (rethrow $t))) (i32.const 0)) (catch $e)))`,
    7,
  ],
  [
    "delegate",
    `(tag $e (param i32)) (func (export "go") (result i32)
    (try $t (result i32) (do (try (do (throw $e (i32.const 8))) (delegate $t)) (i32.const 0)) (catch $e)))`,
    8,
  ],
  [
    "exceptions of the second form",
    `(tag $e (param i32 i64)) (func (export "go") (result i32)
    (block $h (result i32 i64) (try_table (result i32 i64) (catch $e $h) (throw $e (i32.const 9) (i64.const 1)))) drop)`,
    9,
  ],
  [
    "exception references",
    `(tag $e (param i32)) (func (export "go") (result i32) (local exnref)
    (block $out (result i32) (try_table (result i32) (catch $e $out)
      (block $h (result exnref) (try_table (catch_all_ref $h) (throw $e (i32.const 10))) (unreachable))
      (local.set 0) (throw_ref (local.get 0)))))`,
    10,
  ],
  [
    "tail calls",
    `(func $even (export "go") (result i32) (return_call $odd (i32.const 1000000)))
    (func $odd (param i32) (result i32) (if (result i32) (local.get 0)
      (then (return_call $odd (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 11))))`,
    11,
  ],
  [
    "indirect tail calls",
    `(table funcref (elem $f)) (func $f (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
    (func (export "go") (result i32) (return_call_indirect (param i32) (result i32) (i32.const 6) (i32.const 0)))`,
    12,
  ],
  [
    "vectors",
    `(func (export "go") (result i32) (i32x4.extract_lane 2 (i32x4.mul (i32x4.splat (i32.const 4)) (v128.const i32x4 1 2 3 4))))`,
    12,
  ],
  [
    "a shuffle",
    `(func (export "go") (result i32) (i8x16.extract_lane_u 0 (i8x16.shuffle 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
    (v128.const i64x2 0 0) (i8x16.splat (i32.const 200)))))`,
    200,
  ],
  [
    "bulk memory",
    `(memory 1) (data $d "abcd") (func (export "go") (result i32) (memory.init $d (i32.const 0) (i32.const 0) (i32.const 4))
    (memory.copy (i32.const 8) (i32.const 1) (i32.const 3)) (memory.fill (i32.const 9) (i32.const 1) (i32.const 1)) (data.drop $d)
    (i32.load (i32.const 8)))`,
    0x640162,
  ],
  [
    "references",
    `(table $t 1 funcref) (elem declare func $f) (func $f (result i32) (i32.const 13))
    (func (export "go") (result i32) (table.set $t (i32.const 0) (ref.func $f))
      (drop (table.grow $t (ref.null func) (i32.const 2))) (i32.add (call_indirect (result i32) (i32.const 0)) (table.size $t)))`,
    16,
  ],
  [
    "operations on tables",
    `(table $t 3 funcref) (elem $e func $f $f) (func $f (result i32) (i32.const 13))
    (func (export "go") (result i32) (table.init $e (i32.const 0) (i32.const 1) (i32.const 1)) (elem.drop $e)
      (table.copy (i32.const 1) (i32.const 0) (i32.const 1)) (table.fill $t (i32.const 0) (ref.null func) (i32.const 1))
      (i32.add (call_indirect (result i32) (i32.const 1)) (ref.is_null (table.get $t (i32.const 0)))))`,
    14,
  ],
  [
    "many results",
    `(func $two (result i32 i32) (i32.const 20) (i32.const 3)) (func (export "go") (result i32)
    (call $two) (block (param i32 i32) (result i32) (i32.sub)))`,
    17,
  ],
  [
    "a choice between references",
    `(func (export "go") (result i32) (ref.is_null (select (result externref) (ref.null extern) (ref.null extern) (i32.const 1))))`,
    1,
  ],
  ["sign extension", '(func (export "go") (result i32) (i32.extend8_s (i32.const 0xff)))', -1],
  [
    "saturating conversions",
    '(func (export "go") (result i32) (i32.trunc_sat_f64_s (f64.const 1e300)))',
    0x7fff_ffff,
  ],
  [
    "a global that is given another's value",
    '(global $a i32 (i32.const 18)) (global $b i32 (global.get $a)) (func (export "go") (result i32) (global.get $b))',
    18,
  ],
];

test.each(ALLOWED)("%s may be used, and does what it does in the engine", (_what, fields, value) => {
  const bytes = wat(fields);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes)));
  expect(Reflect.apply(exports["go"] as () => unknown, undefined, [])).toBe(value);
  expect(open(bytes).call("go")).toBe(value);
});
