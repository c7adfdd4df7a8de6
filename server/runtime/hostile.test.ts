import { subscribe } from "node:diagnostics_channel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ATTACKS, forever, FUEL, type Attack } from "../../tests/support/attacks.ts";
import { asBytes, createSandbox } from "../../tests/support/sandbox.ts";
import { assemble, call, FREE, program } from "../../tests/support/wat.ts";

/** Threads that this process has started. */
let threads = 0;
subscribe("worker_threads", () => {
  threads += 1;
});

const sandbox = createSandbox({ threads: 1, maxQueue: 1_000 });
afterAll(() => sandbox.close());

const HELLO = assemble(program(call("print", FREE, 5), { fields: `(data (i32.const ${FREE}) "hello")` }));
const hello = () => sandbox.run(HELLO);
const HELLO_RESULT = { ending: "completed", output: asBytes("hello") };
beforeAll(hello);

const attack = ({ wat, options = {} }: Attack) =>
  sandbox.run(wat, { ...options, limits: { fuel: FUEL, ...options.limits } });

test.each(ATTACKS)(
  "$what ends the program as $ending; the thread lives and answers the next",
  async (one) => {
    const before = threads;
    expect(await attack(one)).toMatchObject({ ending: one.ending });
    expect(await hello()).toMatchObject(HELLO_RESULT);
    expect(threads).toBe(before);
  },
);

test("only what fuel cannot stop costs a thread, and another takes its place", async () => {
  const before = threads;
  const endless = program(forever(""));
  expect(await sandbox.run(endless, { limits: { wallMs: 100 } })).toMatchObject({ ending: "wall-time" });
  expect(await hello()).toMatchObject(HELLO_RESULT);
  expect(threads).toBe(before + 1);
});

test("all attacks at once, with well-behaved runs among them, end as each does alone", async () => {
  const pool = createSandbox({ threads: 4, maxQueue: 1_000 });
  try {
    const runs = ATTACKS.map(({ wat, options = {} }) => {
      const { fuel = FUEL } = options.limits ?? {};
      // A quarter of what each may use alone; who needs more completes only with it.
      const limits = { ...options.limits, fuel: fuel > FUEL ? fuel : fuel / 4, wallMs: 60_000 };
      return pool.run(wat, { ...options, limits });
    });
    const others = Array.from({ length: 60 }, () => pool.run(HELLO, { limits: { wallMs: 60_000 } }));
    for (const result of await Promise.all(others)) expect(result).toMatchObject(HELLO_RESULT);
    const endings = (await Promise.all(runs)).map(({ ending }) => ending);
    expect(endings).toEqual(ATTACKS.map(({ ending }) => ending));
  } finally {
    await pool.close();
  }
});
