import { expect, test } from "vitest";
import { assemble } from "../../tests/support/wat.ts";
import { createModuleCache } from "./compile-module.ts";

const MODULE = assemble('(module (memory (export "memory") 1) (func (export "_start")))');
const ROOMY = { maxBytes: 1_048_576 };
/** Native code is reckoned at ten times the module's size. */
const ESTIMATE = MODULE.length * 10;

/** A loader that counts how often it is asked. */
function loader(bytes = MODULE) {
  let loads = 0;
  return {
    load: () => {
      loads += 1;
      return Promise.resolve(bytes);
    },
    loads: () => loads,
  };
}

test("a module is loaded and compiled once, and the same one is given ever after", async () => {
  const [cache, { load, loads }] = [createModuleCache(ROOMY), loader()];
  const first = await cache.get("a", load);
  expect(first).toBeInstanceOf(WebAssembly.Module);
  expect(await cache.get("a", load)).toBe(first);
  expect(loads()).toBe(1);
});

test("those who ask while it is compiled wait for the same compilation", async () => {
  const [cache, { load, loads }] = [createModuleCache(ROOMY), loader()];
  const modules = await Promise.all(Array.from({ length: 20 }, () => cache.get("a", load)));
  expect(new Set(modules).size).toBe(1);
  expect(loads()).toBe(1);
});

test("different digests are different modules", async () => {
  const [cache, { load }] = [createModuleCache(ROOMY), loader()];
  expect(await cache.get("a", load)).not.toBe(await cache.get("b", load));
});

test("a load or a compilation that failed is tried again", async () => {
  const cache = createModuleCache(ROOMY);
  await expect(cache.get("a", () => Promise.reject(new Error("away")))).rejects.toThrow("away");
  await expect(cache.get("a", () => Promise.resolve(new Uint8Array([1, 2])))).rejects.toThrow(
    WebAssembly.CompileError,
  );
  expect(await cache.get("a", loader().load)).toBeInstanceOf(WebAssembly.Module);
});

test("when the room is used up, the module that was used least recently leaves", async () => {
  const cache = createModuleCache({ maxBytes: 2 * ESTIMATE });
  const [a, b, c] = [loader(), loader(), loader()];
  await cache.get("a", a.load);
  await cache.get("b", b.load);
  await cache.get("a", a.load);
  await cache.get("c", c.load);
  await cache.get("a", a.load);
  expect([a.loads(), b.loads()]).toEqual([1, 1]);
  await cache.get("b", b.load);
  expect(b.loads()).toBe(2);
});

test("a module too large for the cache is compiled all the same, and not kept", async () => {
  const [cache, { load, loads }] = [createModuleCache({ maxBytes: ESTIMATE - 1 }), loader()];
  expect(await cache.get("a", load)).toBeInstanceOf(WebAssembly.Module);
  expect(await cache.get("a", load)).toBeInstanceOf(WebAssembly.Module);
  expect(loads()).toBe(2);
});

test("bytes that are a view into a larger buffer are compiled for themselves", async () => {
  const larger = Buffer.concat([Buffer.alloc(7), MODULE, Buffer.alloc(7)]);
  const { load } = loader(larger.subarray(7, 7 + MODULE.length));
  expect(WebAssembly.Module.exports(await createModuleCache(ROOMY).get("a", load))).toHaveLength(2);
});
