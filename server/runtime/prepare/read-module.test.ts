import { expect, test } from "vitest";
import { PAGE, prepare, refusal } from "../../../tests/support/sandbox.ts";
import { assemble, binary, EXPORTS, leb, named, vector } from "../../../tests/support/wat.ts";

const HEADER = "0061736d01000000";
const PLAIN = assemble('(module (memory (export "memory") 1) (func (export "_start")))');
/** A module with a section of every kind, and blocks, floats, vectors, exceptions and bulk operations in its code. */
const RICH = assemble(`(module
  (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
  (type $pair (func (param f64 f64) (result f64)))
  (table $t 2 9 funcref) (memory (export "memory") 1 4) (tag $e (param i64))
  (global $g (mut i32) (i32.const 7)) (global f32 (f32.const 1.5))
  (export "g" (global $g)) (start $begin) (elem (i32.const 0) $begin $add) (elem $kept func $add)
  (func $begin (global.set $g (i32.const 1)))
  (func $add (type $pair) (local v128 i64) (f64.add (local.get 0) (local.get 1)))
  (func (export "_start") (local $i i32)
    (memory.fill (i32.const 0) (i32.const 1) (i32.const 9))
    (block $out (loop $again
      (br_table $out $again (local.get $i))))
    (try (do (throw $e (i64.const 1))) (catch $e drop))
    (drop (call_indirect (type $pair) (f64.const 1) (f64.const nan:0x123) (i32.const 1)))
    (v128.store (i32.const 16) (f32x4.sqrt (v128.load (i32.const 32))))
    (table.init $kept (i32.const 0) (i32.const 0) (i32.const 1)) (elem.drop $kept)
    (memory.init $late (i32.const 0) (i32.const 0) (i32.const 1)))
  (data (i32.const 8) "hello") (data $late "x"))`);
/** Custom section `abc` with the contents 42. */
const CUSTOM = Buffer.from([0, 5, 3, ...Buffer.from("abc"), 42]);

test.each([
  ["nothing", ""],
  ["text", Buffer.from("#!/bin/sh\necho hello\n").toString("hex")],
  ["the magic number alone", "0061736d"],
  ["another version", "0061736d02000000"],
  ["a component", "0061736d0d000100"],
  ["a section that is longer than the file", `${HEADER}01ff01`],
  ["a length of more than 32 bits", `${HEADER}01ffffffffff01`],
  ["a section that stands twice", `${HEADER}010100010100`],
  ["sections in the wrong order", `${HEADER}030100010100`],
  ["an unknown section", `${HEADER}200100`],
  ["a list that claims four thousand million types", `${HEADER}0105ffffffff0f`],
  ["a name that claims four thousand million bytes", `${HEADER}00050fffffffff0f`],
])("%s instead of a module is refused as invalid", (_what, hex) => {
  expect(refusal(Buffer.from(hex, "hex"))).toMatch(/^is not a valid WebAssembly module: /);
});

test("a refusal does not name the engine's functions", () => {
  expect(refusal(Buffer.from(`${HEADER}01ff01`, "hex"))).not.toMatch(/WebAssembly\.|\(\)/);
});

test("a module cut off anywhere is refused, or is a whole module of its own", () => {
  expect(refusal(RICH)).toBeNull();
  let whole = 0;
  for (let length = 0; length < RICH.length; length += 1) {
    const isValid = WebAssembly.validate(Uint8Array.from(RICH.subarray(0, length)));
    if (isValid) whole += 1;
    // Cut between two sections it may be valid; without its code and exports it is no command even then.
    expect(refusal(RICH.subarray(0, length)), `${length} bytes`).toEqual(expect.any(String));
  }
  expect(whole).toBeGreaterThan(0);
});

test("a module with any one byte changed is refused or prepared to a valid one", () => {
  let accepted = 0;
  for (let at = 0; at < RICH.length; at += 1) {
    for (const change of [0x01, 0x02, 0x10, 0x40, 0x80, 0xff]) {
      // Prepared to bytes that are not valid, it would throw what is no refusal.
      const changed = Uint8Array.from(RICH, (byte, i) => (i === at ? byte ^ change : byte));
      if (refusal(changed) === null) accepted += 1;
    }
  }
  expect(accepted).toBeGreaterThan(100);
});

test("custom sections, wherever they stand, do not reach what runs", () => {
  const bytes = Buffer.concat([PLAIN.subarray(0, 8), CUSTOM, PLAIN.subarray(8), CUSTOM]);
  const [plain, marked] = [prepare(PLAIN), prepare(bytes)];
  expect(Buffer.compare(marked.prepared, plain.prepared)).toBe(0);
  expect(marked.preparedDigest).toBe(plain.preparedDigest);
  expect(marked.publishedDigest).not.toBe(plain.publishedDigest);
});

test("a hundred thousand custom sections are passed over in time", () => {
  const startedAt = performance.now();
  const bytes = Buffer.concat([PLAIN, ...Array<Buffer>(100_000).fill(CUSTOM)]);
  expect(refusal(bytes)).toBeNull();
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});

test("a custom section of megabytes costs nothing but its bytes", () => {
  const size = 4 * 1_048_576;
  const bytes = Buffer.concat([PLAIN, Buffer.from([0, ...leb(size + 1), 0]), Buffer.alloc(size)]);
  expect(prepare(bytes).prepared.length).toBeLessThan(1_000);
});

test("a section of exports with as many names as the bound, and all of them long, is read in time", () => {
  const more = Array.from({ length: 9_998 }, (_, i) => [...named(`${i}-${"n".repeat(90)}`), 0, 0]);
  const bytes = binary({ 7: vector([...EXPORTS, ...more]) });
  const startedAt = performance.now();
  expect(refusal(bytes)).toBeNull();
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});

test("a name with a mark of byte order in front is another name", () => {
  const marked = '(memory (export "memory") 1) (func (export "\\ef\\bb\\bf_start"))';
  expect(refusal(`(module ${marked})`)).toBe("has no function _start: build it as a WASI command");
  expect(refusal(`(module ${marked} (func (export "_start")))`)).toBeNull();
});

test("a module without types, functions or code of its own is refused as no command, not by accident", () => {
  expect(refusal(Buffer.from(HEADER, "hex"))).toBe("has no function _start: build it as a WASI command");
  expect(refusal(Buffer.from(HEADER, "hex"), { mustBeCommand: false })).toBeNull();
});

test("limits written in more bytes than they need are read as they are", () => {
  // A memory of 17 pages, over the cap of 16, as a LEB128 number of three bytes.
  const bytes = binary({ 5: vector([[0, 0x91, 0x80, 0x00]]) });
  expect(refusal(bytes)).toBe(`needs ${17 * PAGE} bytes of memory at its start; its limit is ${16 * PAGE}`);
});
