import { Piscina } from "piscina";
import { afterAll, expect, onTestFinished, test, vi } from "vitest";
import { asBytes, createSandbox, PAGE, type RunOptions } from "../../tests/support/sandbox.ts";
import { assemble, call, FREE, program } from "../../tests/support/wat.ts";
import type { BundleTask } from "./messages.ts";
import { RuntimeBusy, RuntimeFailed } from "./types.ts";

const sandbox = createSandbox();
afterAll(() => sandbox.close());

const ENDLESS = assemble(program("(loop $for_ever (br $for_ever))"));
const ENDLESS_CALLS = assemble(program(`(loop $for_ever (drop ${call("sched_yield")}) (br $for_ever))`));
const ENDLESS_START = assemble(
  program("", { fields: "(func $begin (loop $for_ever (br $for_ever))) (start $begin)" }),
);
const HELLO = assemble(program(call("print", FREE, 5), { fields: `(data (i32.const ${FREE}) "hello")` }));
const COMPLETED = { ending: "completed", output: asBytes("hello") };

/** A pool of the test's own, in which a run has ended: its threads are there. */
async function warmPool(options: { threads: number; maxQueue: number }) {
  const pool = createSandbox(options);
  onTestFinished(() => pool.close());
  await pool.run(HELLO);
  return pool;
}

test.each([
  ["a loop", ENDLESS],
  ["a loop of calls to the host", ENDLESS_CALLS],
  ["a start function", ENDLESS_START],
])("%s that never ends is stopped at its wall time", async (_what, module) => {
  const startedAt = performance.now();
  const result = await sandbox.run(module, { limits: { wallMs: 250 } });
  expect(result).toEqual({ ending: "wall-time", durationMs: 250, log: new Uint8Array() });
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(250);
});

test("while one run goes on without end, others complete beside it", async () => {
  let isOver = false;
  const request = await sandbox.request(ENDLESS, { limits: { wallMs: 1_000 } });
  const endless = sandbox.runtime.run(request).finally(() => {
    isOver = true;
  });
  const others = await Promise.all(Array.from({ length: 50 }, () => sandbox.run(HELLO)));
  expect(isOver).toBe(false);
  for (const other of others) expect(other).toMatchObject(COMPLETED);
  expect(await endless).toMatchObject({ ending: "wall-time" });
});

test("after every thread was lost to endless runs, twice, the pool still serves", async () => {
  const pool = await warmPool({ threads: 2, maxQueue: 100 });
  const limits = { wallMs: 100 };
  for (let round = 0; round < 2; round += 1) {
    const lost = await Promise.all([1, 2].map(() => pool.run(ENDLESS, { limits })));
    expect(lost.map(({ ending }) => ending)).toEqual(["wall-time", "wall-time"]);
  }
  const after = await Promise.all(Array.from({ length: 10 }, () => pool.run(HELLO)));
  for (const result of after) expect(result).toMatchObject(COMPLETED);
});

test("waiting for a thread does not count as wall time", async () => {
  const pool = await warmPool({ threads: 1, maxQueue: 100 });
  const endless = await pool.request(ENDLESS, { limits: { wallMs: 600 } });
  const hello = await pool.request(HELLO, { limits: { wallMs: 300 } });
  const [blocking, waiting] = [pool.runtime.run(endless), pool.runtime.run(hello)];
  expect(pool.runtime.queueDepth).toBe(1);
  expect(await blocking).toMatchObject({ ending: "wall-time" });
  expect(await waiting).toMatchObject(COMPLETED);
});

test("a run that finds the queue full is refused as busy, and those before it are not disturbed", async () => {
  const pool = await warmPool({ threads: 1, maxQueue: 2 });
  const endless = await pool.request(ENDLESS, { limits: { wallMs: 300 } });
  const hellos = await Promise.all([1, 2, 3].map(() => pool.request(HELLO)));
  const running = pool.runtime.run(endless);
  const [first, second, tooMany] = hellos.map((hello) => pool.runtime.run(hello));
  expect(pool.runtime.queueDepth).toBe(2);
  await expect(tooMany).rejects.toThrow(RuntimeBusy);
  expect(await running).toMatchObject({ ending: "wall-time" });
  for (const queued of [first, second]) expect(await queued).toMatchObject(COMPLETED);
  expect(pool.runtime.queueDepth).toBe(0);
  expect(await pool.run(HELLO)).toMatchObject(COMPLETED);
});

/** Prints its input; never ends when that begins with "!". */
const ECHO = assemble(
  program(`(i32.store (i32.const 16) (i32.const ${FREE})) (i32.store (i32.const 20) (i32.const 100))
    (drop ${call("fd_read", 0, 16, 1, 24)})
    (if (i32.eq (i32.load8_u (i32.const ${FREE})) (i32.const 33)) (then (loop $for_ever (br $for_ever))))
    (call $print (i32.const ${FREE}) (i32.load (i32.const 24)))`),
);

test("as many runs as the queue takes are answered, each with its own output", async () => {
  const inputs = Array.from({ length: 300 }, (_, i) => `run ${i}`);
  const results = await Promise.all(inputs.map((input) => sandbox.run(ECHO, { input })));
  for (const [i, result] of results.entries())
    expect(result).toMatchObject({ ending: "completed", output: asBytes(`run ${i}`) });
});

/** A pool whose runs share bundles: it knows that this program is short. */
async function bundlingPool(options = { threads: 4, longThreads: 2, maxQueue: 1_000 }) {
  const pool = createSandbox(options);
  onTestFinished(() => pool.close());
  for (let i = 0; i < 5; i += 1) await pool.run(ECHO, { input: "warm" });
  const carried = vi.spyOn(Piscina.prototype, "run");
  onTestFinished(() => carried.mockRestore());
  const startAll = async (inputs: readonly string[], options: RunOptions = {}) => {
    const requests = await Promise.all(inputs.map((input) => pool.request(ECHO, { input, ...options })));
    return requests.map((request) => pool.runtime.run(request));
  };
  return { pool, startAll, carried };
}

test("short runs that wait are carried in bundles, and one among them that never ends holds none of the others", async () => {
  const { startAll, carried } = await bundlingPool();
  const inputs = Array.from({ length: 60 }, (_, i) => (i === 10 ? "!" : `run ${i}`));
  const runs = await startAll(inputs, { limits: { wallMs: 3_000 } });
  const [endless] = runs.splice(10, 1);
  let isOver = false;
  void endless?.then(() => (isOver = true));
  const results = await Promise.all(runs);
  expect(isOver).toBe(false);
  for (const result of results) expect(result).toMatchObject({ ending: "completed" });
  expect(carried.mock.calls.length).toBeLessThan(40);
  expect(await endless).toMatchObject({ ending: "wall-time", durationMs: 3_000 });
});

test("short runs that are asked for in one turn share bundles from the start, the first alone", async () => {
  const { startAll, carried } = await bundlingPool();
  const results = await Promise.all(await startAll(Array.from({ length: 16 }, (_, i) => `run ${i}`)));
  for (const [i, result] of results.entries())
    expect(result).toMatchObject({ ending: "completed", output: asBytes(`run ${i}`) });
  const sizes = carried.mock.calls.map(([bundle]) => (bundle as BundleTask).runs.length);
  expect(sizes[0]).toBe(1);
  expect(Math.max(...sizes.slice(1, 4)), "while places were free").toBeGreaterThan(1);
});

test("many threads lost in the midst of bundles: only the endless runs end by wall time, and none fails", async () => {
  const { startAll } = await bundlingPool();
  const inputs = Array.from({ length: 120 }, (_, i) => (i % 20 === 7 ? "!" : `run ${i}`));
  const results = await Promise.all(await startAll(inputs, { limits: { wallMs: 3_000 } }));
  for (const [i, input] of inputs.entries())
    expect(results[i]).toMatchObject(
      input === "!" ? { ending: "wall-time" } : { ending: "completed", output: asBytes(input) },
    );
});

test("a queue that is full refuses, and what it took is carried in bundles to the end", async () => {
  const { pool, startAll } = await bundlingPool({ threads: 4, longThreads: 0, maxQueue: 20 });
  const runs = await startAll(Array.from({ length: 60 }, (_, i) => `run ${i}`));
  expect(pool.runtime.queueDepth).toBe(20);
  const settled = await Promise.allSettled(runs);
  const refused = settled.filter(({ status }) => status === "rejected");
  // In the four places at least as many were started, however they were bundled.
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.length).toBeLessThanOrEqual(60 - 4 - 20);
  for (const { reason } of refused.filter((run) => run.status === "rejected"))
    expect(reason).toBeInstanceOf(RuntimeBusy);
  expect(pool.runtime.queueDepth).toBe(0);
});

test("closing ends what runs and what waits, and nothing is left without an answer", async () => {
  const { pool, startAll } = await bundlingPool();
  const inputs = Array.from({ length: 80 }, (_, i) => (i % 8 === 5 ? "!" : `run ${i}`));
  const runs = await startAll(inputs, { limits: { wallMs: 60_000 } });
  const settled = Promise.allSettled(runs);
  await Promise.all(runs.slice(0, 4));
  await pool.close();
  const failed = (await settled).filter((run) => run.status === "rejected");
  expect(failed.length).toBeGreaterThan(0);
  for (const { reason } of failed) expect(reason).toBeInstanceOf(RuntimeFailed);
  await expect(pool.run(ECHO)).rejects.toThrow(RuntimeFailed);
});

test("a large input and a large output pass through whole", async () => {
  const doubled = program(
    `(local $i i32)
    (i32.store (i32.const 16) (i32.const 1024)) (i32.store (i32.const 20) (i32.const ${8 * PAGE}))
    (drop ${call("fd_read", 0, 16, 1, 24)})
    ${call("print", 1024, 8 * PAGE)}`,
    { memory: "10" },
  );
  const input = Uint8Array.from({ length: 8 * PAGE }, (_, i) => (i * 31) % 251);
  const output = await sandbox.output(doubled, { input });
  expect(Buffer.compare(output, input)).toBe(0);
});
