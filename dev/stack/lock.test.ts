import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startChild } from "../../tests/support/child-process.ts";
import { claimFolder } from "./lock.ts";

async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "spell-lock-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const MODULE = JSON.stringify(new URL("./lock.ts", import.meta.url).href);
/** Another process that claims a folder, says whether it has it, and stays. */
const claimer = (folder: string) =>
  startChild(process.execPath, [
    "--input-type=module",
    "--eval",
    `import { claimFolder } from ${MODULE};
     setInterval(() => undefined, 1_000);
     console.log(await claimFolder(${JSON.stringify(folder)}));`,
  ]);

test("a folder is claimed once", async () => {
  const folder = await freshFolder();
  expect(await claimFolder(folder)).toBe(true);
  expect(await claimFolder(folder)).toBe(false);
  expect(await claimFolder(folder)).toBe(false);
});

test("of many that claim a folder at once, one has it", async () => {
  const folder = await freshFolder();
  const claims = await Promise.all(Array.from({ length: 20 }, () => claimFolder(folder)));
  expect(claims.filter(Boolean)).toHaveLength(1);
});

test("another folder is free, though it lies inside", async () => {
  const folder = await freshFolder();
  const inner = join(folder, "inner");
  await mkdir(inner);
  expect([await claimFolder(folder), await claimFolder(inner)]).toEqual([true, true]);
});

test("a folder by another name is the same folder", async () => {
  const [folder, elsewhere] = [await freshFolder(), await freshFolder()];
  const link = join(elsewhere, "link");
  await symlink(folder, link);
  expect(await claimFolder(link)).toBe(true);
  expect(await claimFolder(folder)).toBe(false);
  expect(await claimFolder(`${folder}/.`)).toBe(false);
});

test("a folder that another process claimed is free again once that process is killed", async () => {
  const folder = await freshFolder();
  const holder = await claimer(folder);
  expect(await holder.line()).toBe("true");
  expect(await claimFolder(folder)).toBe(false);
  holder.process.kill("SIGKILL");
  expect(await holder.ended).toBe("SIGKILL");
  expect(await claimFolder(folder)).toBe(true);
});

test("another process cannot claim what this one has", async () => {
  const folder = await freshFolder();
  await claimFolder(folder);
  expect(await (await claimer(folder)).line()).toBe("false");
});

test("claiming a folder keeps no process from ending", async () => {
  const folder = await freshFolder();
  const code = `import { claimFolder } from ${MODULE}; await claimFolder(${JSON.stringify(folder)});`;
  const child = await startChild(process.execPath, ["--input-type=module", "--eval", code]);
  expect(await child.ended).toBe(0);
});
