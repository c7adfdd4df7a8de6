import { once } from "node:events";
import { copyFile, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import { ClaimBoard } from "./claim-board.ts";
import { threadFile } from "./thread-file.ts";

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "thread-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

async function exitCodeOf(script: string): Promise<number> {
  const worker = new Worker(script, { env: {}, execArgv: [], workerData: ClaimBoard.ofPlaces(1).memory });
  // Its one argument is a number.
  const [code] = (await once(worker, "exit")) as [number];
  return code;
}

test("the script of a thread loads where neither our sources nor a package is", async () => {
  const copy = join(await emptyFolder(), "thread.cjs");
  await copyFile(threadFile(), copy);
  expect(await exitCodeOf(copy)).toBe(0);
});

test("a script that needs a package does not load there", async () => {
  const script = join(await emptyFolder(), "thread.cjs");
  await writeFile(script, 'require("lru-cache");');
  await expect(exitCodeOf(script)).rejects.toThrow("Cannot find module");
});

test("a script that was made is used again", async () => {
  const file = threadFile();
  const { mtimeMs } = await stat(file);
  expect(threadFile()).toBe(file);
  expect((await stat(file)).mtimeMs).toBe(mtimeMs);
});
