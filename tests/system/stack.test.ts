import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { printing } from "../support/spells.ts";
import {
  childOf,
  interrupt,
  make,
  newDevDir,
  pidOf,
  processesOf,
  removeDevDir,
  startStack,
  type Stack,
} from "../support/stack.ts";
import { assemble } from "../support/wat.ts";
import { callApi } from "../support/web.ts";

let devDir: string;
let stack: Stack;
beforeAll(async () => {
  devDir = newDevDir();
  stack = await startStack(devDir);
});
afterAll(async () => {
  await interrupt(stack);
  removeDevDir(devDir);
});

const RECOVERY = { timeout: 30_000, interval: 100 };
const statusOfCast = async () => (await stack.cast("echo", 1).catch(() => null))?.status ?? 0;

test("make run prints a curl line that casts, and writes stack.json for its owner alone", () => {
  const curl = /curl -s [^]*?\}\}'/.exec(stack.printed())?.[0] ?? "";
  const answer = JSON.parse(execFileSync("sh", ["-c", curl], { encoding: "utf8" })) as Record<
    string,
    unknown
  >;
  expect(answer).toMatchObject({ status: "COMPLETED", result: { hello: "world" }, cost_cents: 1 });
  expect(statSync(join(devDir, "stack.json")).mode & 0o777).toBe(0o600);
  expect(stack.base_url).toMatch(/^http:\/\/localhost:\d+$/);
});

test("the session's token opens the demo account too, and the key has all scopes", async () => {
  expect((await stack.cast("text-stats", { text: "a b" }, stack.session_token)).body.result).toMatchObject({
    words: 2,
  });
  const made = await callApi(stack.base_url, "POST", "/v1/keys", {
    key: stack.api_key,
    body: { name: "all", scopes: ["cast", "read", "budgets", "keys", "billing", "spells"] },
  });
  expect(made.status).toBe(201);
});

test("the typed client of the documentation casts", () => {
  const env = { ...process.env, SPELL_URL: stack.base_url, SPELL_KEY: stack.api_key };
  const output = execFileSync(process.execPath, ["docs/examples/typed-client.ts"], { env, encoding: "utf8" });
  expect(output).toMatch(/^text-stats 1\.0\.0 for 0 micros, \d+ cents left: \{\s+words: 3,/);
});

test("a second run on the same folder fails with a clear sentence and touches nothing", async () => {
  const second = make(["run"], devDir, { PORT: "0" });
  expect(await second.exited).not.toBe(0);
  expect(second.output()).toContain(`A stack runs in ${devDir} already`);
  expect(await statusOfCast()).toBe(200);
});

test("a folder is published with the documented command and cast", async () => {
  const folder = join(devDir, "a spell's folder; $(touch no)");
  mkdirSync(folder);
  writeFileSync(join(folder, "m.wasm"), assemble(printing('"made here"')));
  const manifest = {
    name: "made-here",
    key: "test.made-here",
    version: "1.0.0",
    description: "Says so.",
    module: "m.wasm",
    price: { model: "flat", flat_micros: 0 },
    limits: { fuel: 100_000_000_000, memory_bytes: 65_536, wall_ms: 100 },
    input: { schema: true },
    output: { content_type: "application/json" },
  };
  writeFileSync(join(folder, "spell.json"), JSON.stringify(manifest));
  const published = make(["publish", `DIR=${folder.replaceAll("$", "$$$$")}`], devDir);
  expect([await published.exited, published.output()]).toEqual([
    0,
    expect.stringContaining("Published made-here 1.0.0"),
  ]);
  expect((await stack.cast("made-here", null)).body.result).toBe("made here");

  writeFileSync(join(folder, "m.wasm"), assemble(printing('"made otherwise"')));
  const changed = make(["publish", `DIR=${folder.replaceAll("$", "$$$$")}`], devDir);
  expect(await changed.exited).not.toBe(0);
  expect(changed.output()).toContain("versions never change; raise the version");
});

test("the ledger of the running stack verifies with the documented command", async () => {
  const verified = make(["ledger-verify"], devDir);
  expect([await verified.exited, verified.output()]).toEqual([
    0,
    expect.stringContaining("agree to the micro"),
  ]);
});

test.each(["web", "worker"] as const)("a %s process killed with -9 is started again", async (name) => {
  const before = pidOf(stack, name);
  process.kill(before, "SIGKILL");
  await expect.poll(() => pidOf(stack, name), RECOVERY).not.toBe(before);
  await expect.poll(statusOfCast, RECOVERY).toBe(200);
});

test("Postgres killed with -9 comes back by itself: 503 with Retry-After meanwhile, no cast charged twice", async () => {
  const usage = async () =>
    (await callApi(stack.base_url, "GET", "/v1/budgets/usage", { key: stack.api_key })).body[
      "total_cost_micros"
    ] as number;
  const before = await usage();
  process.kill(pidOf(stack, "postgres"), "SIGKILL");
  const answers = [];
  for (let paid = 0; paid < 3;) {
    const answer = await stack.cast("echo", 1);
    answers.push(answer);
    if (answer.status === 200) paid += 1;
  }
  for (const { status, headers } of answers.filter((answer) => answer.status !== 200)) {
    expect([status, headers.get("Retry-After")]).toEqual([503, "1"]);
  }
  expect(answers.some(({ status }) => status === 503)).toBe(true);
  expect(await usage()).toBe(before + 30_000);
});

test("Ctrl-C ends everything within ten seconds, and the next start knows its key again", async () => {
  const tookMs = await interrupt(stack);
  expect(tookMs).toBeLessThan(10_000);
  expect(processesOf(devDir)).toEqual([]);
  expect(existsSync(join(devDir, "stack.json"))).toBe(false);
  const before = stack.api_key;
  stack = await startStack(devDir);
  expect(stack.api_key).toBe(before);
  expect(await statusOfCast()).toBe(200);
});

test.each([
  ["the supervisor", childOf],
  ["make", (pid: number) => pid],
])("after kill -9 of %s nothing is left running and the next start works", async (_who, victim) => {
  process.kill(victim(stack.pid), "SIGKILL");
  await expect.poll(() => processesOf(devDir), { timeout: 15_000, interval: 100 }).toEqual([]);
  stack = await startStack(devDir);
  expect(await statusOfCast()).toBe(200);
});

test("a web process that was stopped when its supervisor died is ended by the next start", async () => {
  const web = pidOf(stack, "web");
  process.kill(web, "SIGSTOP");
  process.kill(-stack.pid, "SIGKILL");
  await stack.exited;
  stack = await startStack(devDir);
  expect(processesOf(devDir).filter((line) => line.startsWith(`${web} `))).toEqual([]);
  expect(await statusOfCast()).toBe(200);
});

test("a port that is taken is named in a sentence", async () => {
  const other = newDevDir();
  const started = make(["run"], other, { PORT: new URL(stack.base_url).port });
  expect(await started.exited).not.toBe(0);
  expect(started.output()).toMatch(/Port \d+ is in use; choose another/);
  removeDevDir(other);
});
