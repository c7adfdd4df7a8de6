import { expect, test, vi } from "vitest";
import { startSleeper, type Child } from "../../tests/support/child-process.ts";
import { end, isAlive, type ProcessId } from "../processes.ts";
import { keepRunning, type Running } from "./keep-running.ts";

const SOON = { timeout: 10_000 };

function runningOf({ id, ended }: Child): Running {
  return { id, exited: ended.then(() => undefined), stop: () => end(id, "SIGTERM", 5_000) };
}

const startOne = async (): Promise<Running> => runningOf(await startSleeper());

/** What was said on the console, which by then is no complaint any more. */
function heard(): string[] {
  const said = vi.mocked(console.error).mock.calls.map(([message]) => String(message));
  vi.mocked(console.error).mockClear();
  return said;
}

const quiet = () => vi.mocked(console.error).mockImplementation(() => undefined);

/** Keeps one process running and lists every one that was started. */
async function keep(start = startOne) {
  const seen: ProcessId[] = [];
  const kept = await keepRunning("sleeper", start, ({ id }) => seen.push(id));
  const latest = () => {
    const id = seen[seen.length - 1];
    if (id === undefined) throw new Error("nothing was started");
    return id;
  };
  return { kept, seen, latest };
}

const kill = ({ pid }: ProcessId) => process.kill(pid, "SIGKILL");

test("a process is started once while it lives, and stop ends it", async () => {
  const { kept, seen, latest } = await keep();
  expect(isAlive(latest())).toBe(true);
  await kept.stop();
  expect(seen).toHaveLength(1);
  expect(isAlive(latest())).toBe(false);
});

test("a process that dies is started again, however often", async () => {
  quiet();
  const { kept, seen, latest } = await keep();
  for (const deaths of [1, 2, 3]) {
    kill(latest());
    await expect.poll(() => seen.length, SOON).toBe(deaths + 1);
    expect(isAlive(latest())).toBe(true);
  }
  expect(new Set(seen.map(({ pid, startedAt }) => `${pid} ${startedAt}`)).size).toBe(4);
  await kept.stop();
  expect(seen.filter(isAlive)).toEqual([]);
  expect(heard()).toEqual(new Array(3).fill("sleeper died; starting it again"));
});

test("a first start that fails is the caller's to hear", async () => {
  await expect(
    keepRunning(
      "sleeper",
      () => Promise.reject(new Error("no program")),
      () => undefined,
    ),
  ).rejects.toThrow("no program");
});

test("a later start that fails is said and tried again", async () => {
  quiet();
  let starts = 0;
  const { kept, seen, latest } = await keep(async () => {
    starts += 1;
    if (starts === 2 || starts === 3) throw new Error(`start ${starts} failed`);
    return startOne();
  });
  kill(latest());
  await expect.poll(() => seen.length, SOON).toBe(2);
  expect(starts).toBe(4);
  expect(isAlive(latest())).toBe(true);
  await kept.stop();
  expect(isAlive(latest())).toBe(false);
  expect(heard()).toEqual(["sleeper died; starting it again", "start 2 failed", "start 3 failed"]);
});

test("stop while a start is under way waits for it and leaves nothing", async () => {
  quiet();
  const gate = Promise.withResolvers<undefined>();
  let starts = 0;
  const { kept, seen, latest } = await keep(async () => {
    starts += 1;
    if (starts === 2) await gate.promise;
    return startOne();
  });
  kill(latest());
  await expect.poll(() => starts, SOON).toBe(2);
  const stopping = kept.stop();
  gate.resolve(undefined);
  await stopping;
  expect(seen.filter(isAlive)).toEqual([]);
  expect(seen.length).toBe(2);
  expect(starts).toBe(2);
  heard();
});

test("stop between two attempts does not wait for the next one", async () => {
  quiet();
  let starts = 0;
  const { kept, seen, latest } = await keep(() => {
    starts += 1;
    return starts === 1 ? startOne() : Promise.reject(new Error("not yet"));
  });
  kill(latest());
  // After four failures the next pause is of 1.6 seconds.
  await expect.poll(() => starts, SOON).toBe(5);
  const stoppedAt = performance.now();
  await kept.stop();
  expect(performance.now() - stoppedAt).toBeLessThan(1_000);
  expect(starts).toBe(5);
  expect(seen.filter(isAlive)).toEqual([]);
  heard();
});

test("stop after the process died by itself ends the watching too", async () => {
  quiet();
  const { kept, seen, latest } = await keep();
  kill(latest());
  await kept.stop();
  expect(seen.filter(isAlive)).toEqual([]);
  heard();
});

test("stopping twice is stopping once", async () => {
  const { kept, latest } = await keep();
  await Promise.all([kept.stop(), kept.stop()]);
  await kept.stop();
  expect(isAlive(latest())).toBe(false);
});
