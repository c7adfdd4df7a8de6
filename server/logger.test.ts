import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";

/** What a process that does this with a logger leaves on stdout, line by line, and how it ended. */
async function linesOf(program: string): Promise<{ lines: Record<string, unknown>[]; code: unknown }> {
  const script = `import { createLogger } from "./logger.ts"; const log = createLogger("info", "web"); ${program}`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    cwd: import.meta.dirname,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [output, code] = await Promise.all([
    text(child.stdout),
    new Promise((resolve) => child.once("close", resolve)),
  ]);
  const lines = output.split("\n").slice(0, -1);
  return { lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>), code };
}

const MANY = `for (let i = 0; i < 5000; i += 1) log.info({ i, filler: "x".repeat(100) }, "request");`;

test.each([
  ["is asked to end at once", `${MANY} process.exit(3);`, 3],
  ["comes to its end", MANY, 0],
  ["fails with an error that nobody catches", `${MANY} throw new Error("fatal");`, 1],
  ["fails later", `setTimeout(() => { ${MANY} throw new Error("fatal"); }, 5);`, 1],
])("no line is lost when a process %s", async (_how, program, exitCode) => {
  const { lines, code } = await linesOf(program);
  expect(code).toBe(exitCode);
  expect(lines.map(({ i }) => i)).toEqual(Array.from({ length: 5_000 }, (_, i) => i));
});

test("a line is written while the process goes on", async () => {
  const { lines } = await linesOf(
    `log.info("first"); setTimeout(() => process.kill(process.pid, "SIGKILL"), 200);`,
  );
  expect(lines).toMatchObject([{ role: "web", level: 30, msg: "first" }]);
});

test("what could hold a secret is cut", async () => {
  const { lines } = await linesOf(`
    const err = Object.assign(new Error("failed"), { parameters: ["secret"], query: "secret", args: ["secret"] });
    const fields = { authorization: "secret", cookie: "secret", api_key: "secret", password: "secret", params: "secret" };
    log.info({ err, request: fields }, "failed");`);
  expect(lines).toMatchObject([{ err: { parameters: "[cut]" }, request: { authorization: "[cut]" } }]);
  expect(JSON.stringify(lines)).not.toContain("secret");
});
