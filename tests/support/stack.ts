/** A whole local stack, started as a person starts it: `make run` in a folder of its own. */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { StackFile } from "../../dev/stack/stack-file.ts";
import { callApi, type Answer } from "./web.ts";

export const projectFolder = fileURLToPath(new URL("../..", import.meta.url));
const START_TIMEOUT_MS = 60_000;

export interface Stack extends StackFile {
  // With the emulator: a test that sets up real GitHub finds none of these three.
  readonly api_key: string;
  readonly session_token: string;
  readonly github_url: string;
  /** Process id of `make`, which leads its own group. */
  readonly pid: number;
  readonly devDir: string;
  /** What it has printed so far. */
  readonly printed: () => string;
  /** Resolves with the exit code; null when it was killed. */
  readonly exited: Promise<number | null>;
  cast(spellName: string, payload: unknown, key?: string): Promise<Answer>;
}

export const newDevDir = (): string => mkdtempSync(join(tmpdir(), "spell-stack-"));

/** Our own make's settings would be taken for the inner one's. */
function environmentFor(devDir: string, env: Readonly<Record<string, string>>) {
  return {
    ...process.env,
    MAKEFLAGS: undefined,
    MAKELEVEL: undefined,
    MFLAGS: undefined,
    DEV_DIR: devDir,
    RATE_LIMIT_USER_RPM: "1000000",
    RATE_LIMIT_ADDRESS_RPM: "1000000",
    ...env,
  };
}

/** Runs `make` with these words to its end. */
export function make(words: readonly string[], devDir: string, env: Readonly<Record<string, string>> = {}) {
  const child = spawn("make", words, {
    cwd: projectFolder,
    env: environmentFor(devDir, env),
    detached: true,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (text: Buffer) => {
      output += text.toString();
    });
  }
  const exited = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { pid: child.pid ?? 0, exited, output: () => output };
}

/** Starts a stack and waits until it says that it is ready. */
export async function startStack(devDir: string, env: Readonly<Record<string, string>> = {}): Promise<Stack> {
  const { pid, exited, output } = make(["run"], devDir, {
    PORT: String(20_000 + (process.pid % 20_000)),
    ...env,
  });
  const ended = exited.then(() => "ended" as const);
  for (const giveUpAt = Date.now() + START_TIMEOUT_MS; ;) {
    const text = await readFile(join(devDir, "stack.json"), "utf8").catch(() => null);
    if (text !== null && output().includes("is ready")) {
      // The stack writes it whole, in one rename.
      const file = JSON.parse(text) as StackFile & Pick<Stack, "api_key" | "session_token" | "github_url">;
      const cast = (spell: string, payload: unknown, key = file.api_key) =>
        callApi(file.base_url, "POST", "/v1/cast", { key, body: { spell_name: spell, payload } });
      return { ...file, pid, devDir, printed: output, exited, cast };
    }
    const state = await Promise.race([ended, pause(50, "waiting" as const)]);
    if (state === "ended" || Date.now() > giveUpAt) throw new Error(`the stack did not start:\n${output()}`);
  }
}

/** Ends a stack as Ctrl-C does: SIGINT to the whole group. Returns how long it took. */
export async function interrupt(stack: Pick<Stack, "pid" | "exited">): Promise<number> {
  const startedAt = Date.now();
  process.kill(-stack.pid, "SIGINT");
  await stack.exited;
  return Date.now() - startedAt;
}

/** One of the stack's processes, as its own record names it. */
export function pidOf(
  stack: Pick<Stack, "devDir">,
  name: "web" | "worker" | "postgres" | "github" | "stripe",
): number {
  const record = JSON.parse(readFileSync(join(stack.devDir, "processes.json"), "utf8")) as Record<
    string,
    { pid: number }
  >;
  return record[name]?.pid ?? 0;
}

const readProc = (pid: string, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    return "";
  }
};

/** The one child of a process. */
export const childOf = (pid: number): number => Number(readProc(String(pid), `task/${pid}/children`).trim());

/** Living processes that have the folder in their arguments or their environment, but this one. */
export function processesOf(devDir: string): string[] {
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
    .filter((pid) => readProc(pid, "cmdline").includes(devDir) || readProc(pid, "environ").includes(devDir))
    .map((pid) => `${pid} ${readProc(pid, "cmdline").replaceAll("\0", " ")}`);
}

export const removeDevDir = (devDir: string): void => rmSync(devDir, { recursive: true, force: true });
