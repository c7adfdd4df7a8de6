import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { assemble, call, program } from "../tests/support/wat.ts";

const script = fileURLToPath(new URL("./spell.ts", import.meta.url));
const ECHO = program(
  `(i32.store (i32.const 16) (i32.const 64)) (i32.store (i32.const 20) (i32.const 100))
  (drop ${call("fd_read", 0, 16, 1, 24)}) (call $print (i32.const 64) (i32.load (i32.const 24)))`,
);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "spell-cli-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** What a command says and answers about a module, which finds `input` on its stdin. */
async function spell(command: string, wat: string, input = "") {
  const path = join(folder, "module.wasm");
  await writeFile(path, assemble(wat));
  const child = spawn(process.execPath, [script, command, path]);
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const code = new Promise((resolve) => child.once("close", resolve));
  return { stdout: await text(child.stdout), stderr: await text(child.stderr), code: await code };
}

test("a module is run on what comes from stdin", async () => {
  const { stdout, stderr, code } = await spell("run", ECHO, "hello");
  expect([stdout, code]).toEqual(["hello", 0]);
  expect(stderr).toMatch(/^\ncompleted\nfuel [0-9]+\ntime [0-9.]+ ms\n$/);
});

test("a module is inspected: what it imports, where it pays, that it would be accepted", async () => {
  const { stdout, code } = await spell("inspect", ECHO);
  expect(code).toBe(0);
  expect(stdout).toContain("wasi_snapshot_preview1.fd_read");
  expect(stdout).toMatch(/_start\n/);
  expect(stdout).toMatch(/it would be accepted\n$/);
});

test("a module that would be refused is not run, and said to be refused", async () => {
  const refused = '(module (import "env" "f" (func)) (memory (export "memory") 1) (func (export "_start")))';
  const why = "imports env.f, which is not part of WASI preview 1 (wasi_snapshot_preview1)";
  expect(await spell("run", refused)).toEqual({ stdout: "", stderr: `refused: ${why}\n`, code: 1 });
  const { stdout, code } = await spell("inspect", refused);
  expect(stdout).toMatch(new RegExp(`imports +env\\.f\n`));
  expect([stdout.trim().split("\n").at(-1), code]).toEqual([`it would be refused: ${why}`, 1]);
});
