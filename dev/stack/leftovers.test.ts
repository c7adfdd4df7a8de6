import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startSleeper, startStubborn } from "../../tests/support/child-process.ts";
import { isAlive } from "../processes.ts";
import { endLeftovers, recordProcesses } from "./leftovers.ts";

async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "spell-leftovers-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test("every recorded process that still lives is ended, by asking first", async () => {
  const folder = await freshFolder();
  const [web, worker] = [await startSleeper(), await startSleeper()];
  await recordProcesses(folder, { web: web.id, worker: worker.id });
  await endLeftovers(folder);
  expect([isAlive(web.id), isAlive(worker.id)]).toEqual([false, false]);
  expect(await Promise.all([web.ended, worker.ended])).toEqual(["SIGTERM", "SIGTERM"]);
});

test("one that does not leave when asked is killed", async () => {
  const folder = await freshFolder();
  const stubborn = await startStubborn();
  await recordProcesses(folder, { web: stubborn.id });
  await endLeftovers(folder);
  expect(isAlive(stubborn.id)).toBe(false);
  expect(await stubborn.ended).toBe("SIGKILL");
});

test("a process that has a recorded number by chance is left alone", async () => {
  const folder = await freshFolder();
  const [bystander, leftover] = [await startSleeper(), await startSleeper()];
  await recordProcesses(folder, { web: { ...bystander.id, startedAt: "1" }, worker: leftover.id });
  await endLeftovers(folder);
  expect([isAlive(bystander.id), isAlive(leftover.id)]).toEqual([true, false]);
});

test("processes that ended long ago, or were never recorded, are no trouble", async () => {
  const folder = await freshFolder();
  await endLeftovers(folder);
  const gone = await startSleeper();
  gone.process.kill("SIGKILL");
  await gone.ended;
  await recordProcesses(folder, { web: gone.id });
  await endLeftovers(folder);
  await endLeftovers(folder);
});

test("a record of another shape ends nothing", async () => {
  const folder = await freshFolder();
  const { id } = await startSleeper();
  for (const record of [
    [id],
    { web: id.pid },
    { web: { pid: String(id.pid), startedAt: id.startedAt } },
    null,
  ]) {
    await writeFile(join(folder, "processes.json"), JSON.stringify(record));
    await endLeftovers(folder);
    expect(isAlive(id)).toBe(true);
  }
});

test("a damaged record is no trouble", async () => {
  const folder = await freshFolder();
  await writeFile(join(folder, "processes.json"), '{"web":{"pid":');
  await endLeftovers(folder);
});

test("processes that start at the same moment are recorded without getting into each other's way", async () => {
  const folder = await freshFolder();
  const { id } = await startSleeper();
  await Promise.all(Array.from({ length: 50 }, (_, i) => recordProcesses(folder, { [`p${i}`]: id })));
});

test("the record holds the newest processes, for its owner's eyes alone", async () => {
  const folder = await freshFolder();
  const [first, second] = [await startSleeper(), await startSleeper()];
  await recordProcesses(folder, { web: first.id });
  await recordProcesses(folder, { web: second.id });
  const path = join(folder, "processes.json");
  expect(JSON.parse(await readFile(path, "utf8"))).toEqual({ web: second.id });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});
