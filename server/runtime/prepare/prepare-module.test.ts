import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { PAGE, prepare, refusal } from "../../../tests/support/sandbox.ts";
import { assemble, WASI_IMPORTS, WASI_TYPES } from "../../../tests/support/wat.ts";

const MEMORY = '(memory (export "memory") 1)';
const START = '(func (export "_start"))';
const SMALL = assemble(`(module
  (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1) (global (mut i32) (i32.const 7)) (table 1 funcref) (elem (i32.const 0) 1)
  (func (export "_start") (memory.fill (i32.const 0) (i32.const 1) (i32.const 9))) (data (i32.const 8) "hello"))`);

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** How far the memory of a prepared module can grow, tried on the prepared module itself. */
function mostPages(text: string, memoryBytes: number): number {
  const { prepared } = prepare(text, { memoryBytes });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(prepared)));
  if (!(exports["memory"] instanceof WebAssembly.Memory)) throw new Error("there is no memory");
  const { memory } = exports;
  let pages = memory.buffer.byteLength / PAGE;
  for (;;) {
    try {
      memory.grow(1);
      pages += 1;
    } catch {
      return pages;
    }
  }
}

test("a WASI command is prepared, and both digests are of the bytes they name", () => {
  const { prepared, publishedDigest, preparedDigest } = prepare(SMALL);
  expect(publishedDigest).toBe(sha256(SMALL));
  expect(preparedDigest).toBe(sha256(prepared));
  expect(WebAssembly.validate(Uint8Array.from(prepared))).toBe(true);
});

test("the same module is always prepared to the same bytes, and the bytes given are left alone", () => {
  const given = Uint8Array.from(SMALL);
  const [first, second] = [prepare(given), prepare(given)];
  expect(Buffer.compare(first.prepared, second.prepared)).toBe(0);
  expect(given).toEqual(Uint8Array.from(SMALL));
});

test("what a prepared module imports is what it imported, and its own exports come first", () => {
  const { prepared } = prepare(SMALL);
  const module = new WebAssembly.Module(Uint8Array.from(prepared));
  expect(WebAssembly.Module.imports(module)).toEqual([
    { module: "wasi_snapshot_preview1", name: "fd_write", kind: "function" },
  ]);
  const names = WebAssembly.Module.exports(module).map(({ name }) => name);
  expect(names.slice(0, 2)).toEqual(["memory", "_start"]);
  for (const added of names.slice(2)) expect(added).toMatch(/^spell:/);
});

test.each([
  { what: "no maximum", declared: "1", most: 16 },
  { what: "a maximum over the cap", declared: "1 1000", most: 16 },
  { what: "a maximum under the cap", declared: "1 5", most: 5 },
  { what: "an initial size of exactly the cap", declared: "16", most: 16 },
  { what: "no pages at all", declared: "0 0", most: 0 },
])("a memory with $what is capped", ({ declared, most }) => {
  expect(mostPages(`(module (memory (export "memory") ${declared}) ${START})`, 16 * PAGE)).toBe(most);
});

test("a cap that is no whole number of pages is rounded down, and one of many pages is written right", () => {
  const text = `(module ${MEMORY} ${START})`;
  expect(mostPages(text, 3 * PAGE - 1)).toBe(2);
  expect(mostPages(text, 2_048 * PAGE)).toBe(2_048);
});

test("every function of WASI preview 1 may be imported with its own type", () => {
  expect(Object.keys(WASI_TYPES)).toHaveLength(46);
  expect(refusal(`(module ${WASI_IMPORTS} ${MEMORY} ${START})`)).toBeNull();
});

test.each(Object.keys(WASI_TYPES))("%s may not be imported with another type", (name) => {
  const wrong = `(import "wasi_snapshot_preview1" "${name}" (func (param f64) (result i32)))`;
  expect(refusal(`(module ${wrong} ${MEMORY} ${START})`)).toBe(
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
])("an import with %s is refused", (_what, type) => {
  expect(refusal(`(module (import "wasi_snapshot_preview1" ${type}) ${MEMORY} ${START})`)).toContain(
    "with a type that WASI preview 1 does not give it",
  );
});

test.each([
  ["another module", '"env" "fd_write"', "env.fd_write"],
  ["an older preview", '"wasi_unstable" "fd_write"', "wasi_unstable.fd_write"],
  ["an unknown function", '"wasi_snapshot_preview1" "sock_open"', "wasi_snapshot_preview1.sock_open"],
  ["a name every object has", '"wasi_snapshot_preview1" "toString"', "wasi_snapshot_preview1.toString"],
  [
    "a marked name",
    '"wasi_snapshot_preview1" "\\ef\\bb\\bffd_close"',
    "wasi_snapshot_preview1.\ufefffd_close",
  ],
  ["no name", '"wasi_snapshot_preview1" ""', "wasi_snapshot_preview1."],
])("an import from %s is refused by its name", (_what, names, label) => {
  const imported = `(import ${names} (func (param i32 i32 i32 i32) (result i32)))`;
  expect(refusal(`(module ${imported} ${MEMORY} ${START})`)).toBe(
    `imports ${label}, which is not part of WASI preview 1 (wasi_snapshot_preview1)`,
  );
});

test("a long name in an import is cut in the refusal", () => {
  const imported = `(import "${"m".repeat(5_000)}" "f" (func))`;
  expect(refusal(`(module ${imported} ${MEMORY} ${START})`)?.length).toBeLessThan(200);
});

test.each([
  ["memory", "m", "(memory 1)"],
  ["table", "t", "(table 1 funcref)"],
  ["global", "g", "(global i32)"],
  ["global", "mutable", "(global (mut i64))"],
  ["tag", "e", "(tag)"],
])("an imported %s is refused", (kind, name, type) => {
  const own = kind === "memory" ? "" : MEMORY;
  const imported = `(import "wasi_snapshot_preview1" "${name}" ${type})`;
  expect(refusal(`(module ${imported} ${own} ${START})`)).toBe(
    `imports the ${kind} wasi_snapshot_preview1.${name}: only functions may be imported`,
  );
});

test("a forbidden import behind allowed ones is found", () => {
  const text = `(module ${WASI_IMPORTS} (import "env" "f" (func)) ${MEMORY} ${START})`;
  expect(refusal(text)).toContain("imports env.f");
});

test.each([
  ["no _start", MEMORY],
  ["a global called _start", `${MEMORY} (global (export "_start") i32 (i32.const 0))`],
])("a module with %s is refused", (_what, fields) => {
  expect(refusal(`(module ${fields})`)).toBe("has no function _start: build it as a WASI command");
});

test.each(["(param i32)", "(result i32)"])("a _start with %s is refused", (type) => {
  expect(refusal(`(module ${MEMORY} (func (export "_start") ${type} unreachable))`)).toBe(
    "has a function _start that takes or gives values: build it as a WASI command",
  );
});

test.each([
  ["its memory kept private", `(memory 1) ${START}`],
  ["its memory under another name", `(memory (export "mem") 1) ${START}`],
  ["a function called memory", `(memory 1) (func (export "memory")) ${START}`],
  ["no memory at all", START],
])("a module with %s is refused", (_what, fields) => {
  expect(refusal(`(module ${fields})`)).toBe("does not export its memory as memory");
});

test("an initial memory over the cap is refused with both figures", () => {
  expect(refusal(`(module (memory (export "memory") 17) ${START})`)).toBe(
    `needs ${17 * PAGE} bytes of memory at its start; its limit is ${16 * PAGE}`,
  );
});

test("a module with too many bytes is refused, one with just as many is not", () => {
  expect(refusal(SMALL, { maxModuleBytes: SMALL.length })).toBeNull();
  expect(refusal(SMALL, { maxModuleBytes: SMALL.length - 1 })).toBe(
    `has ${SMALL.length} bytes; the largest module may have ${SMALL.length - 1}`,
  );
});
