import { readFileSync } from "node:fs";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startChild, startSleeper, startStubborn } from "../tests/support/child-process.ts";
import { end, identify, isAlive, signal, waitUntilGone } from "./processes.ts";

const SOON_MS = 10_000;
const SOON = { timeout: SOON_MS };

test("a process is known by its number and the moment it started", async () => {
  const { id, process: child } = await startSleeper();
  expect(identify(id.pid)).toEqual({ pid: child.pid, startedAt: expect.stringMatching(/^\d+$/) as string });
  expect(identify(id.pid)).toEqual(identify(id.pid));
  expect(isAlive(id)).toBe(true);
  expect(identify(process.pid)?.startedAt).not.toBe(id.startedAt);
});

test("a process that ended is gone", async () => {
  const { id, process: child, ended } = await startSleeper();
  child.kill("SIGKILL");
  await ended;
  expect(identify(id.pid)).toBeNull();
  expect(isAlive(id)).toBe(false);
});

test("a process that waits to be reaped is gone already", async () => {
  // The shell becomes a program that never asks what became of its child.
  const parent = await startChild("sh", ["-c", "sleep 600 & echo $!; exec sleep 600"]);
  const pid = Number(await parent.line());
  const read = (file: string) => readFileSync(`/proc/${file}`, "utf8");
  await expect.poll(() => read(`${parent.id.pid}/comm`), SOON).toBe("sleep\n");
  process.kill(pid, "SIGKILL");
  await expect.poll(() => read(`${pid}/stat`).split(" ")[2], SOON).toBe("Z");
  expect(identify(pid)).toBeNull();
});

test("a name with parentheses and spaces is read like any other", async () => {
  const folder = await mkdtemp(join(tmpdir(), "spell-processes-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const program = join(folder, "a) Z (1 2 3");
  await symlink("/bin/sleep", program);
  const { id } = await startChild(program, ["600"]);
  const stat = readFileSync(`/proc/${id.pid}/stat`, "utf8").trim();
  expect(stat).toContain("(a) Z (1 2 3)");
  // Counted from the end, where no name can interfere: 52 fields, of which the start is the 22nd.
  expect(id.startedAt).toBe(stat.split(" ").at(22 - 53));
});

test("a number that another process has by now is not the process that had it", async () => {
  const { id } = await startSleeper();
  expect(isAlive({ ...id, startedAt: String(Number(id.startedAt) - 1) })).toBe(false);
});

test("a signal goes to the process it is meant for and never to a successor with its number", async () => {
  const { id, ended } = await startSleeper();
  signal({ ...id, startedAt: "1" }, "SIGKILL");
  signal(id, "SIGTERM");
  expect(await ended).toBe("SIGTERM");
  signal(id, "SIGTERM");
});

test("waiting ends when the process is gone", async () => {
  const { id, process: child } = await startSleeper();
  const waiting = waitUntilGone(id, SOON_MS);
  child.kill("SIGKILL");
  expect(await waiting).toBe(true);
  expect(await waitUntilGone(id, 0)).toBe(true);
});

test("waiting for one that stays gives up in time", async () => {
  const { id } = await startSleeper();
  const startedAt = Date.now();
  expect(await waitUntilGone(id, 100)).toBe(false);
  expect(Date.now() - startedAt).toBeGreaterThanOrEqual(100);
  expect(isAlive(id)).toBe(true);
});

test("a process that takes its time to leave, once asked, is not killed", async () => {
  const script = "trap 'exit 7' INT; echo ready; while :; do sleep 0.1; done";
  const child = await startChild("sh", ["-c", script]);
  await child.line();
  await end(child.id, "SIGINT", SOON_MS);
  expect(isAlive(child.id)).toBe(false);
  expect(await child.ended).toBe(7);
});

test("a process that does not leave when asked is killed once patience ends", async () => {
  const { id, ended } = await startStubborn();
  await end(id, "SIGTERM", 50);
  expect(isAlive(id)).toBe(false);
  expect(await ended).toBe("SIGKILL");
});
