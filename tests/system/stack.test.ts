import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signIn } from "../../dev/sign-in.ts";
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

const nextPort = () => String(Number(new URL(stack.base_url).port) + 1);
const me = async (key: string) => (await callApi(stack.base_url, "GET", "/auth/me", { key })).body;

test("the session is the demo person's, from the login itself, and the key is of the same account", async () => {
  expect(stack.session_token).toMatch(/^[A-Za-z0-9_-]{43}$/);
  const demo = { login: "demo", name: "Demo Caster", email: "demo@example.com" };
  expect(await me(stack.session_token)).toMatchObject(demo);
  expect(await me(stack.api_key)).toEqual(await me(stack.session_token));
  const log = readFileSync(join(devDir, "web.log"), "utf8");
  for (const route of ["/auth/github", "/auth/github/callback"])
    expect(log).toContain(`"method":"GET","route":"${route}","status":"302"`);
});

test("anybody else can sign in too, and is told how", async () => {
  expect(stack.printed()).toContain(`open ${stack.base_url}/login and choose "demo"`);
  const login = "fresh-face-7";
  const enter = async () => (await signIn({ baseUrl: stack.base_url, login })).sessionToken;
  // Both may be new to the product, as with two stacks that start on one database.
  const tokens = [...(await Promise.all([enter(), enter()])), await enter()];
  expect(new Set(tokens).size).toBe(3);
  const [person, ...others] = await Promise.all(tokens.map(me));
  expect(person).toMatchObject({ login, name: "Fresh Face 7", email: "fresh-face-7@example.com" });
  for (const other of others) expect(other).toEqual(person);
});

test("neither secrets nor codes of the login are in the logs", () => {
  for (const name of ["web.log", "worker.log", "github.log", "stripe.log"]) {
    const log = readFileSync(join(devDir, name), "utf8");
    for (const secret of [stack.session_token, stack.api_key, stack.stripe_secret_key])
      expect(log).not.toContain(secret);
    expect(log).not.toMatch(/gho_|code=|state=|client_secret/);
  }
});

test("the Stripe emulator answers by the stack's key, and both processes are told of it", async () => {
  const stripe = new Stripe(stack.stripe_secret_key ?? "", {
    host: "127.0.0.1",
    port: new URL(stack.stripe_url ?? "").port,
    protocol: "http",
  });
  expect((await stripe.balance.retrieve()).object).toBe("balance");
  for (const name of ["web", "worker"] as const)
    expect(readFileSync(`/proc/${pidOf(stack, name)}/environ`, "utf8")).toContain(
      `STRIPE_API_BASE=${stack.stripe_url ?? ""}`,
    );
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

test.each(["web", "worker", "github", "stripe"] as const)(
  "a %s process killed with -9 is started again",
  async (name) => {
    const before = pidOf(stack, name);
    process.kill(before, "SIGKILL");
    await expect.poll(() => pidOf(stack, name), RECOVERY).not.toBe(before);
    await expect.poll(statusOfCast, RECOVERY).toBe(200);
    await signIn({ baseUrl: stack.base_url, login: "demo" });
  },
);

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
  const before = stack;
  stack = await startStack(devDir);
  expect(stack.api_key).toBe(before.api_key);
  expect([stack.stripe_url, stack.stripe_secret_key]).toEqual([before.stripe_url, before.stripe_secret_key]);
  expect(stack.session_token).not.toBe(before.session_token);
  expect(await me(before.session_token)).toEqual(await me(stack.session_token));
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

test("two stacks on one database sign the same person in", async () => {
  const other = newDevDir();
  const second = await startStack(other, {
    PORT: nextPort(),
    DATABASE_URL: stack.database_url,
    DATABASE_OWNER_URL: stack.database_owner_url,
    DATABASE_WORKER_URL: stack.database_worker_url,
    KEY_PEPPER: stack.key_pepper,
    RECEIPT_KEY: stack.receipt_key,
  });
  expect(second.github_url).not.toBe(stack.github_url);
  expect(await me(second.session_token)).toEqual(await me(stack.session_token));
  await interrupt(second);
  removeDevDir(other);
});

test("with an application at real GitHub nobody is signed in, and the address of the login is told", async () => {
  const other = newDevDir();
  const real = await startStack(other, {
    PORT: nextPort(),
    GITHUB_CLIENT_ID: "an-application",
    GITHUB_CLIENT_SECRET: "its-secret",
  });
  for (const absent of ["api_key", "session_token", "github_url"]) expect(real).not.toHaveProperty(absent);
  expect(real.printed()).toContain(`Sign in with GitHub: ${real.base_url}/login`);
  expect(existsSync(join(other, "github.log"))).toBe(false);
  const login = await callApi(real.base_url, "GET", "/auth/github");
  expect(login.headers.get("Location")).toMatch(
    /^https:\/\/github\.com\/login\/oauth\/authorize\?.*client_id=an-application/,
  );
  await interrupt(real);
  removeDevDir(other);
});

test("Ctrl-C is heard while the login waits for a rate limit", async () => {
  const other = newDevDir();
  const started = make(["run"], other, { PORT: nextPort(), RATE_LIMIT_ADDRESS_RPM: "1" });
  const webLog = () =>
    existsSync(join(other, "web.log")) ? readFileSync(join(other, "web.log"), "utf8") : "";
  await expect.poll(webLog, { timeout: 60_000 }).toContain('"route":"/auth/github/callback","status":"429"');
  expect(await interrupt(started)).toBeLessThan(10_000);
  expect(started.output()).toContain("Stopped before it was ready.");
  expect(processesOf(other)).toEqual([]);
  removeDevDir(other);
});

test.each([
  ["production", { NODE_ENV: "production" }, "The GitHub emulator does not run in production"],
  ["half an application", { GITHUB_CLIENT_ID: "x" }, "missing: GITHUB_CLIENT_SECRET"],
])("%s is refused in a sentence before anything runs", async (_what, env, sentence) => {
  const other = newDevDir();
  const started = make(["run"], other, { PORT: nextPort(), ...env });
  expect(await started.exited).not.toBe(0);
  expect(started.output()).toContain(sentence);
  expect(processesOf(other)).toEqual([]);
  removeDevDir(other);
});
