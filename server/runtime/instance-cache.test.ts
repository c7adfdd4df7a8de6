import { expect, test } from "vitest";
import { PAGE, prepare } from "../../tests/support/sandbox.ts";
import { program } from "../../tests/support/wat.ts";
import { giveBack, takeInstance } from "./instance-cache.ts";
import type { Instance } from "./instance.ts";
import { Streams } from "./wasi/streams.ts";

let made = 0;

/** A module of the test's own, under a digest that no other test has. */
function moduleOf(body: string, fields = "", memory = "1"): { module: WebAssembly.Module; digest: string } {
  const { prepared } = prepare(program(body, { fields, memory }), { memoryBytes: 64 * PAGE });
  made += 1;
  return { module: new WebAssembly.Module(Uint8Array.from(prepared)), digest: `instance-cache-${made}` };
}

function run(instance: Instance): void {
  instance.host.begin({
    args: [],
    env: {},
    clockMicros: 0,
    seed: new Uint8Array(32),
    streams: new Streams(new Uint8Array(), { outputBytes: 0, logBytes: 0 }),
    resources: null,
    fuelLimit: 1_000_000_000,
  });
  try {
    instance.run();
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
  }
}

/** Is the instance of one run given to the next? */
function isReused(...of: Parameters<typeof moduleOf>): boolean {
  const { module, digest } = moduleOf(...of);
  const first = takeInstance(module, digest);
  run(first);
  giveBack(first, digest);
  const second = takeInstance(module, digest);
  giveBack(second, digest);
  return second === first;
}

test.each([
  ["did little", "(i32.store (i32.const 64) (i32.const 1))", "", true],
  ["trapped", "unreachable", "", true],
  ["set its globals", "(global.set $g (i64.const 5))", "(global $g (mut i64) (i64.const 1))", true],
  ["asked for memory in vain", "(drop (memory.grow (i32.const 999)))", "", true],
  ["grew", "(drop (memory.grow (i32.const 1)))", "", false],
  ["grew by nothing", "(drop (memory.grow (i32.const 0)))", "", true],
  [
    "might write to its table",
    "",
    "(table $t 1 funcref) (func (table.set $t (i32.const 0) (ref.null func)))",
    false,
  ],
  ["might drop a segment", "", '(data $d "x") (func (data.drop $d))', false],
  ["has a global of a float", "", "(global (mut f32) (f32.const 0))", false],
])("an instance that %s is used again, or is not", (_what, body, fields, expected) => {
  expect(isReused(body, fields)).toBe(expected);
});

test("an instance of a large memory is made anew, which is faster than to empty it", () => {
  expect(isReused("", "", "16")).toBe(true);
  expect(isReused("", "", "17")).toBe(false);
});

test("two runs of one module at a time would not share an instance", () => {
  const { module, digest } = moduleOf("");
  const [first, second] = [takeInstance(module, digest), takeInstance(module, digest)];
  expect(first).not.toBe(second);
  expect(first.host).not.toBe(second.host);
});

test("a restored instance has its memory, its globals and its growth flag as they were", () => {
  const fields = `(global $g (mut i32) (i32.const -3)) (global $h (mut i64) (i64.const 0x7fffffffffffffff))
    (data (i32.const 65528) "the end.") (data (i32.const 8) "begin")`;
  const { module, digest } = moduleOf(
    `(memory.fill (i32.const 0) (i32.const 255) (i32.const 65536)) (global.set $g (i32.const 1))
     (global.set $h (i64.const 1)) (drop (memory.grow (i32.const 999)))`,
    fields,
  );
  const instance = takeInstance(module, digest);
  const before = Uint8Array.from(new Uint8Array(instance.memory.buffer));
  run(instance);
  expect(instance.growth()).toBe(1);
  expect(new Uint8Array(instance.memory.buffer)[0]).toBe(255);
  giveBack(instance, digest);
  const again = takeInstance(module, digest);
  expect(again).toBe(instance);
  expect(again.growth()).toBe(0);
  expect(Buffer.compare(new Uint8Array(again.memory.buffer), before)).toBe(0);
});

test("numbers that look like nothing are restored as they were: a zero with a sign, a NaN", () => {
  // -0 and a NaN as the last words of the memory.
  const fields =
    '(data (i32.const 65520) "\\00\\00\\00\\00\\00\\00\\f8\\7f\\00\\00\\00\\00\\00\\00\\00\\80")';
  const { module, digest } = moduleOf("(memory.fill (i32.const 0) (i32.const 0) (i32.const 65536))", fields);
  const instance = takeInstance(module, digest);
  run(instance);
  giveBack(instance, digest);
  const { buffer } = takeInstance(module, digest).memory;
  expect([...new BigUint64Array(buffer).subarray(-2)]).toEqual([0x7ff8n << 48n, 1n << 63n]);
});

test("a host that no run uses answers nothing", () => {
  const { module, digest } = moduleOf("");
  const instance = takeInstance(module, digest);
  run(instance);
  giveBack(instance, digest);
  expect(() => instance.host.run).toThrow("no run is under way");
});

test("more instances than are kept leave in the order of their use", () => {
  const { module, digest } = moduleOf("");
  const first = takeInstance(module, `${digest}-first`);
  giveBack(first, `${digest}-first`);
  for (let i = 0; i < 64; i += 1) giveBack(takeInstance(module, `${digest}-${i}`), `${digest}-${i}`);
  expect(takeInstance(module, `${digest}-first`)).not.toBe(first);
});

test.each([
  ["large tables", "(table 199000 funcref)"],
  ["many exports", Array.from({ length: 9_000 }, (_, i) => `(func (export "f${i}"))`).join(" ")],
  ["much code", `(func ${"(drop (i64.const -1234567890123456789))".repeat(50_000)})`],
])("instances with %s are kept in smaller number", (_what, fields) => {
  const first = moduleOf("", fields);
  const kept = takeInstance(first.module, first.digest);
  giveBack(kept, first.digest);
  for (let i = 0; i < 20; i += 1)
    giveBack(takeInstance(first.module, `${first.digest}-${i}`), `${first.digest}-${i}`);
  expect(takeInstance(first.module, first.digest)).not.toBe(kept);
});

test("a segment that does not fit leaves the next instance its host", () => {
  const bad = moduleOf("", "(table 1 funcref) (elem (i32.const 1) $print)");
  expect(() => takeInstance(bad.module, bad.digest)).toThrow(WebAssembly.RuntimeError);
  const good = moduleOf("");
  run(takeInstance(good.module, good.digest));
});

test("a module of schedule 1, which does not say what it takes, runs and is made anew each time", () => {
  const { prepared } = prepare(program("(i32.store (i32.const 64) (i32.const 7))"), {
    memoryBytes: 64 * PAGE,
  });
  const renamed = Buffer.from(prepared);
  renamed.write("spell:miss", renamed.indexOf("spell:kept"));
  const module = new WebAssembly.Module(Uint8Array.from(renamed));
  const first = takeInstance(module, "of-schedule-1");
  run(first);
  expect(new Uint8Array(first.memory.buffer)[64]).toBe(7);
  giveBack(first, "of-schedule-1");
  const second = takeInstance(module, "of-schedule-1");
  expect(second).not.toBe(first);
  expect(new Uint8Array(second.memory.buffer)[64]).toBe(0);
});
