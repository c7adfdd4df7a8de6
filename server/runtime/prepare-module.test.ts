import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { PAGE } from "../../tests/support/sandbox.ts";
import { assemble, WASI_IMPORTS, WASI_TYPES } from "../../tests/support/wat.ts";
import { prepareModule, type PreparePolicy } from "./prepare-module.ts";
import { ModuleRefused } from "./types.ts";

const POLICY: PreparePolicy = { memoryBytes: 16 * PAGE, maxModuleBytes: 100_000 };
const MEMORY = '(memory (export "memory") 1)';
const START = '(func (export "_start"))';
const SMALL = assemble(`(module
  (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1) (global (mut i32) (i32.const 7)) (table 1 funcref) (elem (i32.const 0) 1)
  (func (export "_start") (memory.fill (i32.const 0) (i32.const 1) (i32.const 9))) (data (i32.const 8) "hello"))`);

const prepare = (text: string, policy: Partial<PreparePolicy> = {}) =>
  prepareModule(assemble(text), { ...POLICY, ...policy });

/** Null when the module may run, else the refusal's message; anything else thrown is a failure of the test. */
async function refusal(module: string | Uint8Array, policy: Partial<PreparePolicy> = {}) {
  const bytes = typeof module === "string" ? assemble(module) : module;
  try {
    await prepareModule(bytes, { ...POLICY, ...policy });
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(ModuleRefused);
    return error instanceof ModuleRefused ? error.message : "";
  }
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
/** How the first memory stands in the binary: `limits` are its flags, initial and maximum pages. */
const memorySection = (...limits: number[]) => Buffer.from([5, 1 + limits.length, 1, ...limits]);

test("a WASI command is prepared, and both digests are of the bytes they name", async () => {
  const { prepared, publishedDigest, preparedDigest } = await prepareModule(SMALL, POLICY);
  expect(publishedDigest).toBe(sha256(SMALL));
  expect(preparedDigest).toBe(sha256(prepared));
  expect(WebAssembly.validate(Uint8Array.from(prepared))).toBe(true);
});

test("the same module is always prepared to the same bytes, and only its memory differs from what was given", async () => {
  const [first, second] = [await prepareModule(SMALL, POLICY), await prepareModule(SMALL, POLICY)];
  expect(first).toEqual(second);
  const expected = Buffer.from(SMALL)
    .toString("hex")
    .replace(memorySection(0, 1).toString("hex"), memorySection(1, 1, 16).toString("hex"));
  expect(Buffer.from(first.prepared).toString("hex")).toBe(expected);
});

test.each([
  { what: "no maximum", declared: "1", limits: [1, 1, 16] },
  { what: "a maximum over the cap", declared: "1 1000", limits: [1, 1, 16] },
  { what: "a maximum under the cap", declared: "1 5", limits: [1, 1, 5] },
  { what: "an initial size of exactly the cap", declared: "16", limits: [1, 16, 16] },
  { what: "no pages at all", declared: "0 0", limits: [1, 0, 0] },
])("a memory with $what is capped", async ({ declared, limits }) => {
  const { prepared } = await prepare(`(module (memory (export "memory") ${declared}) ${START})`);
  expect(Buffer.from(prepared).includes(memorySection(...limits))).toBe(true);
});

test("a cap that is no whole number of pages is rounded down", async () => {
  const { prepared } = await prepare(`(module ${MEMORY} ${START})`, { memoryBytes: 3 * PAGE - 1 });
  expect(Buffer.from(prepared).includes(memorySection(1, 1, 2))).toBe(true);
});

test("a cap beyond one byte of LEB128 is written right", async () => {
  const { prepared } = await prepare(`(module ${MEMORY} ${START})`, { memoryBytes: 2_048 * PAGE });
  expect(Buffer.from(prepared).includes(memorySection(1, 1, 0x80, 0x10))).toBe(true);
});

test("every function of WASI preview 1 may be imported with its own type", async () => {
  expect(Object.keys(WASI_TYPES)).toHaveLength(46);
  expect(await refusal(`(module ${WASI_IMPORTS} ${MEMORY} ${START})`)).toBeNull();
});

test.each(Object.keys(WASI_TYPES))("%s may not be imported with another type", async (name) => {
  const wrong = `(import "wasi_snapshot_preview1" "${name}" (func (param f64) (result i32)))`;
  expect(await refusal(`(module ${wrong} ${MEMORY} ${START})`)).toBe(
    `imports wasi_snapshot_preview1.${name} with a type that WASI preview 1 does not give it`,
  );
});

test.each([
  ["i32 where i64 belongs", '"fd_seek" (func (param i32 i32 i32 i32) (result i32))'],
  ["one parameter too few", '"fd_close" (func (result i32))'],
  ["one parameter too many", '"fd_close" (func (param i32 i32) (result i32))'],
  ["no result", '"fd_close" (func (param i32))'],
  ["two results", '"fd_close" (func (param i32) (result i32 i32))'],
  ["a result where none is", '"proc_exit" (func (param i32) (result i32))'],
  ["a reference", '"fd_close" (func (param externref) (result i32))'],
])("an import with %s is refused", async (_what, type) => {
  expect(await refusal(`(module (import "wasi_snapshot_preview1" ${type}) ${MEMORY} ${START})`)).toContain(
    "with a type that WASI preview 1 does not give it",
  );
});

test.each([
  ["another module", '"env" "fd_write"', "env.fd_write"],
  ["an older preview", '"wasi_unstable" "fd_write"', "wasi_unstable.fd_write"],
  ["an unknown function", '"wasi_snapshot_preview1" "sock_open"', "wasi_snapshot_preview1.sock_open"],
  ["a name every object has", '"wasi_snapshot_preview1" "toString"', "wasi_snapshot_preview1.toString"],
  ["no name", '"wasi_snapshot_preview1" ""', "wasi_snapshot_preview1."],
])("an import from %s is refused by its name", async (_what, names, label) => {
  const imported = `(import ${names} (func (param i32 i32 i32 i32) (result i32)))`;
  expect(await refusal(`(module ${imported} ${MEMORY} ${START})`)).toBe(
    `imports ${label}, which is not part of WASI preview 1 (wasi_snapshot_preview1)`,
  );
});

test("a long name in an import is cut in the refusal", async () => {
  const imported = `(import "${"m".repeat(5_000)}" "f" (func))`;
  expect((await refusal(`(module ${imported} ${MEMORY} ${START})`))?.length).toBeLessThan(200);
});

test.each([
  ["memory", '(import "wasi_snapshot_preview1" "m" (memory 1))'],
  ["table", '(import "wasi_snapshot_preview1" "t" (table 1 funcref))'],
  ["global", '(import "wasi_snapshot_preview1" "g" (global i32))'],
  ["mutable global", '(import "wasi_snapshot_preview1" "g" (global (mut i64)))'],
  ["tag", '(import "wasi_snapshot_preview1" "e" (tag))'],
])("an imported %s is refused", async (kind, imported) => {
  const own = kind === "memory" ? "" : MEMORY;
  expect(await refusal(`(module ${imported} ${own} ${START})`)).toContain(
    "which is not a function: only functions may be imported",
  );
});

test("a forbidden import behind allowed ones is found", async () => {
  expect(await refusal(`(module ${WASI_IMPORTS} (import "env" "f" (func)) ${MEMORY} ${START})`)).toContain(
    "imports env.f",
  );
});

test.each([
  ["no _start", MEMORY],
  ["a global called _start", `${MEMORY} (global (export "_start") i32 (i32.const 0))`],
])("a module with %s is refused", async (_what, fields) => {
  expect(await refusal(`(module ${fields})`)).toBe("has no function _start: build it as a WASI command");
});

test.each([
  ["its memory kept private", `(memory 1) ${START}`],
  ["its memory under another name", `(memory (export "mem") 1) ${START}`],
  ["a function called memory", `(memory 1) (func (export "memory")) ${START}`],
])("a module with %s is refused", async (_what, fields) => {
  expect(await refusal(`(module ${fields})`)).toBe("does not export its memory as memory");
});

test("a module without a memory is refused", async () => {
  expect(await refusal(`(module ${START})`)).toBe("has no memory of its own");
});

test("an initial memory over the cap is refused with both figures", async () => {
  expect(await refusal(`(module (memory (export "memory") 17) ${START})`)).toBe(
    `needs ${17 * PAGE} bytes of memory at its start; its limit is ${16 * PAGE}`,
  );
});

test("a module with too many bytes is refused, one with just as many is not", async () => {
  expect(await refusal(SMALL, { maxModuleBytes: SMALL.length })).toBeNull();
  expect(await refusal(SMALL, { maxModuleBytes: SMALL.length - 1 })).toBe(
    `has ${SMALL.length} bytes; the largest module may have ${SMALL.length - 1}`,
  );
});

test("a shared memory is refused", async () => {
  expect(await refusal(`(module (memory (export "memory") 1 2 shared) ${START})`)).toBe(
    "has a shared or 64-bit memory",
  );
});

test("a 64-bit memory is refused", async () => {
  expect(await refusal(`(module (memory (export "memory") i64 1) ${START})`)).toBe(
    "has a shared or 64-bit memory",
  );
});

test("two memories are refused", async () => {
  const one = Buffer.from(assemble(`(module ${MEMORY} ${START})`)).toString("hex");
  const two = one.replace(memorySection(0, 1).toString("hex"), "0505020001" + "0001");
  expect(two).not.toBe(one);
  expect(await refusal(Buffer.from(two, "hex"))).toBe("has more than one memory");
});

test("a module with types of the garbage collector is refused", async () => {
  const one = Buffer.from(assemble(`(module ${MEMORY} ${START})`)).toString("hex");
  const [plain, withStruct] = ["010401" + "600000", "010602" + "600000" + "5f00"];
  expect(one).toContain(plain);
  expect(await refusal(Buffer.from(one.replace(plain, withStruct), "hex"))).toContain("GC is not allowed");
});

test.each([
  ["nothing", ""],
  ["text", Buffer.from("#!/bin/sh\necho hello\n").toString("hex")],
  ["the magic number alone", "0061736d"],
  ["another version", "0061736d02000000"],
  ["a component", "0061736d0d000100"],
  ["a section that is longer than the file", "0061736d01000000" + "01ff01"],
  ["a length of more than 32 bits", "0061736d01000000" + "01ffffffffff01"],
])("%s instead of a module is refused as invalid", async (_what, hex) => {
  expect(await refusal(Buffer.from(hex, "hex"))).toMatch(/^is not a valid WebAssembly module: /);
});

test("a module cut off anywhere is refused", async () => {
  expect(await refusal(SMALL)).toBeNull();
  for (let length = 0; length < SMALL.length; length += 1) {
    // Cut before its data, which nothing refers to, it is whole.
    const isWhole = length === SMALL.length - 13;
    expect(await refusal(SMALL.subarray(0, length)), `${length} bytes`).toEqual(
      isWhole ? null : expect.any(String),
    );
  }
});

test("a module with any one byte changed is refused or prepared to a valid one", async () => {
  for (let at = 0; at < SMALL.length; at += 1) {
    for (const change of [0x01, 0x80, 0xff]) {
      const changed = Uint8Array.from(SMALL, (byte, i) => (i === at ? byte ^ change : byte));
      const refused = await refusal(changed);
      if (refused !== null) continue;
      const { prepared } = await prepareModule(changed, POLICY);
      expect(WebAssembly.validate(Uint8Array.from(prepared)), `byte ${at} changed by ${change}`).toBe(true);
    }
  }
});

test("custom sections, wherever they stand, are left as they are", async () => {
  const custom = Buffer.from([0, 5, 3, ...Buffer.from("abc"), 42]);
  const plain = Buffer.from(assemble(`(module ${MEMORY} ${START})`));
  const bytes = Buffer.concat([plain.subarray(0, 8), custom, plain.subarray(8), custom]);
  const { prepared } = await prepareModule(bytes, POLICY);
  expect(Buffer.from(prepared).subarray(8, 15)).toEqual(custom);
  expect(Buffer.from(prepared).subarray(-7)).toEqual(custom);
});
