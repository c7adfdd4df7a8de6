import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { PAGE, prepare, refusal } from "../../../tests/support/sandbox.ts";
import {
  assemble,
  binary,
  binaryCode,
  call,
  leb,
  program,
  sized,
  vector,
} from "../../../tests/support/wat.ts";
import { ModuleRefused } from "../types.ts";
import { inspectInChild } from "./inspect-in-child.ts";
import { PROOF_LIMITS } from "./limited-child.ts";
import { prepareInChild } from "./prepare-in-child.ts";

const POLICY = { memoryBytes: 16 * PAGE, maxModuleBytes: 16 * 1_048_576 };
const inChild = (wat: string) => prepareInChild(assemble(wat), POLICY);
const why = (bytes: Uint8Array, limits = PROOF_LIMITS) =>
  prepareInChild(bytes, POLICY, limits).then(
    () => null,
    (error: unknown) => (error instanceof ModuleRefused ? error.message : Promise.reject(error as Error)),
  );

interface Process {
  readonly pid: number;
  readonly command: string;
}

/** Processes that this one has started and that are there still, also those that have ended and wait to be asked for. */
function children(): Process[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        // `pid (name) state parent ...`; the name may have spaces.
        const [, parent] = (readFileSync(`/proc/${name}/stat`, "utf8").split(") ")[1] ?? "").split(" ");
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8");
        return Number(parent) === process.pid ? [{ pid: Number(name), command }] : [];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    });
}
const preparing = () => children().filter(({ command }) => /(prepare|inspect)-child/.test(command));

/** A valid module over which preparation sits for seconds: branches out of many blocks, in several functions. */
function slowModule(): Uint8Array {
  const [functions, depth] = [4, 900];
  const branches = Array.from({ length: 200_000 }, (_, i) => [0x41, 0, 0x0d, ...leb(i % depth)]).flat();
  const [opened, closed] = [Array<number[]>(depth).fill([0x02, 0x40]), Array<number>(depth).fill(0x0b)];
  const body = sized([0, ...opened.flat(), ...branches, ...closed, 0x0b]);
  return binary({
    3: vector(Array<number[]>(functions).fill([0])),
    10: vector(Array<Buffer>(functions).fill(body)),
  });
}

test("a child prepares a module to the same bytes as this process does", async () => {
  const bytes = assemble(
    program(`(memory.fill (i32.const 0) (i32.const 0) (i32.const 9)) ${call("print", 64, 4)}`),
  );
  const [there, here] = [await prepareInChild(bytes, POLICY), prepare(bytes, POLICY)];
  expect(Buffer.compare(there.prepared, here.prepared)).toBe(0);
  expect([there.publishedDigest, there.preparedDigest]).toEqual([here.publishedDigest, here.preparedDigest]);
});

test.each([
  ["an import that is not WASI", assemble('(module (import "env" "f" (func)) (memory (export "memory") 1))')],
  ["too large a memory", assemble('(module (memory (export "memory") 99) (func (export "_start")))')],
  ["no bytes at all", Buffer.alloc(0)],
])("a child refuses %s with the words of this process", async (_what, bytes) => {
  const message = await why(bytes);
  expect(message).toBe(refusal(bytes, POLICY));
  expect(message).toEqual(expect.any(String));
});

test("a module with too many bytes is refused without a child", async () => {
  const pending = prepareInChild(Buffer.alloc(11), { ...POLICY, maxModuleBytes: 10 });
  expect(preparing()).toEqual([]);
  await expect(pending).rejects.toThrow(new ModuleRefused("has 11 bytes; the largest module may have 10"));
});

test.each([
  ["never ends", program("(loop $l (br $l))")],
  ["recurs without end", program("(call $f)", { fields: "(func $f (call $f) (call $f))" })],
  ["grows without end", program("(loop $l (drop (memory.grow (i32.const 1))) (br $l))")],
  ["cannot even be instantiated", program("", { fields: '(data (i32.const 65535) "too long")' })],
])("a program that %s when it is tried is prepared all the same", async (_what, wat) => {
  await expect(inChild(wat)).resolves.toHaveProperty("preparedDigest");
});

test("a module that takes more processor time than it may is refused in so many words, and nothing is left", async () => {
  const startedAt = performance.now();
  const limits = { ...PROOF_LIMITS, cpuSeconds: 1 };
  expect(await why(slowModule(), limits)).toBe("takes more than 1 s or 1536 MiB to prepare and compile");
  expect(performance.now() - startedAt).toBeLessThan(15_000);
  expect(preparing()).toEqual([]);
});

test("a module that takes too long to look at is refused, and nothing else is said of it", async () => {
  const limits = { ...PROOF_LIMITS, cpuSeconds: 1 };
  const { refusedBecause, functions } = await inspectInChild(slowModule(), POLICY, limits);
  expect(refusedBecause).toBe("takes more than 1 s or 1536 MiB to prepare and compile");
  expect(functions).toEqual([]);
  expect(preparing()).toEqual([]);
});

test("a module that takes more memory than it may is refused in so many words, and nothing is left", async () => {
  // What the engine sets aside for itself counts as well, and is most of this.
  const limits = { ...PROOF_LIMITS, memoryBytes: 800 * 1_048_576 };
  const loops = binary({ 10: binaryCode(Array<number[]>(60_000).fill([0x03, 0x40, 0x0b]).flat()) });
  const startedAt = performance.now();
  expect(await why(loops, limits)).toBe("takes more than 15 s or 800 MiB to prepare and compile");
  expect(performance.now() - startedAt).toBeLessThan(1_000 * PROOF_LIMITS.cpuSeconds);
  expect(await why(assemble(program("")), limits)).toBeNull();
  expect(preparing()).toEqual([]);
});

test("a module that takes more wall time than it may is refused, and nothing is left", async () => {
  expect(await why(slowModule(), { ...PROOF_LIMITS, wallMs: 300 })).toMatch(/^takes more than/);
  expect(preparing()).toEqual([]);
});

/** The one child that is preparing, once it has come that far. */
const started = () =>
  new Promise<Process>((resolve) => {
    const look = () => {
      const [found] = preparing();
      if (found === undefined) setImmediate(look);
      else resolve(found);
    };
    look();
  });

test.each(["SIGKILL", "SIGTERM"])(
  "a child that is killed from outside by %s is no fault of the module's, and nothing is left",
  async (signal) => {
    const pending = prepareInChild(slowModule(), POLICY).catch((error: unknown) => error);
    process.kill((await started()).pid, signal);
    const error = await pending;
    expect(error).toHaveProperty("message", `preparing a module failed (${signal}): `);
    expect(error).not.toBeInstanceOf(ModuleRefused);
    expect(preparing()).toEqual([]);
  },
);

test("limits that the system does not grant are no fault of the module's", async () => {
  const limits = { ...PROOF_LIMITS, memoryBytes: Number.NaN };
  const error = await prepareInChild(assemble(program("")), POLICY, limits).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).not.toBeInstanceOf(ModuleRefused);
  expect(String(error)).toMatch(/^Error: preparing a module failed \([1-9]/);
});

test("two modules at a time are prepared beside each other, each to its own bytes", async () => {
  const wats = Array.from({ length: 2 }, (_, i) => program(call("print", 64, i)));
  const made = await Promise.all(wats.map(inChild));
  expect(made.map(({ preparedDigest }) => preparedDigest)).toEqual(
    wats.map((wat) => prepare(wat, POLICY).preparedDigest),
  );
});

test("a function that would become too large for the engine is refused", () => {
  const roots = Array<number[]>(349_000).fill([0x9f, 0xbd, 0xbf]);
  const code = [0x44, ...Array<number>(8).fill(0), ...roots.flat(), 0x1a];
  expect(refusal(binary({ 10: binaryCode(code, [[130, 0x7f]]) }))).toEqual(expect.any(String));
});
