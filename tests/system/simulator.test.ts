import { afterAll, beforeAll, expect, test } from "vitest";
import { BUGS, plant } from "../simulator/bugs.ts";
import { startServer, type SimulatorServer } from "../simulator/server.ts";
import { simulate, SimulationFailed, type SimulateOptions } from "../simulator/simulate.ts";

let server: SimulatorServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

async function play(options: SimulateOptions, bug?: (typeof BUGS)[number]) {
  const database = await server.makeDatabase();
  try {
    if (bug !== undefined) await plant(database.ownerUrl, bug);
    return await simulate(database, options);
  } finally {
    await database.drop();
  }
}

test.each([
  [1, "serial"],
  [2, "serial"],
  [3, "concurrent"],
  [4, "concurrent"],
  [5, "concurrent"],
] as const)("seed %i, %s: every admission, charge, notice and figure is right", async (seed, mode) => {
  const { casts } = await play({ seed, mode, steps: 50 });
  expect(casts).toBeGreaterThan(20);
});

test("a seed decides all that happens when there is one connection", async () => {
  const [first, again] = [
    await play({ seed: 6, mode: "serial", steps: 30 }),
    await play({ seed: 6, mode: "serial", steps: 30 }),
  ];
  expect(again.trace).toEqual(first.trace);
});

test("a failure names its seed, its step and what went before", async () => {
  const bug = BUGS.find(({ name }) => name.includes("calling a cast off"));
  const failed = play({ seed: 1, mode: "serial", steps: 60 }, bug);
  await expect(failed).rejects.toThrow(SimulationFailed);
  await expect(failed).rejects.toThrow(/^seed 1, serial, step \d+: .*\n[^]*\nagain: SEED=1 make simulate$/);
});

test.each(BUGS)("there is still a place in the SQL to plant: $name", async (bug) => {
  const database = await server.makeDatabase();
  try {
    await plant(database.ownerUrl, bug);
  } finally {
    await database.drop();
  }
});
