/** Starts one of our own Node.js programs and waits until it says that it serves. */
import { spawn, type ChildProcess } from "node:child_process";
import { open, readFile, type FileHandle } from "node:fs/promises";
import { end, identify } from "../processes.ts";
import type { Running } from "./keep-running.ts";

export interface NodeProgram {
  readonly name: string;
  readonly script: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
  /** How long it may take to leave before it is killed. */
  readonly patienceMs: number;
}

const READY_TIMEOUT_MS = 30_000;
const TAIL_CHARACTERS = 2_000;

const isReady = (message: unknown): boolean =>
  typeof message === "object" && message !== null && "ready" in message && message.ready === true;

/** What the program wrote since this start. */
async function newLines(logFile: string, from: number): Promise<string> {
  const log = await readFile(logFile);
  return log.subarray(from).toString().slice(-TAIL_CHARACTERS).trim();
}

/** Resolves to null when the program serves, or to why it does not. */
function whenReady(child: ChildProcess, exited: Promise<void>): Promise<string | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve("was not ready in time"), READY_TIMEOUT_MS);
    child.on("message", (message) => {
      if (isReady(message)) resolve(null);
    });
    void exited.then(() => {
      clearTimeout(timer);
      resolve("ended before it was ready");
    });
  });
}

/**
 * Starts a program in a session of its own, so that a terminal's Ctrl-C reaches its supervisor alone. It leaves by
 * itself when the channel to the supervisor closes. @throws Error with its last words when it does not get ready
 */
export async function startNode(program: NodeProgram): Promise<Running> {
  const log: FileHandle = await open(program.logFile, "a", 0o600);
  const from = (await log.stat()).size;
  const child = spawn(process.execPath, [program.script], {
    env: program.env,
    detached: true,
    stdio: ["ignore", log.fd, log.fd, "ipc"],
  });
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  await log.close();
  const id = child.pid === undefined ? null : identify(child.pid);
  const problem = await whenReady(child, exited);
  if (id !== null && problem === null) {
    return { id, exited, stop: () => end(id, "SIGTERM", program.patienceMs) };
  }
  if (id !== null) await end(id, "SIGKILL", 0);
  throw new Error(`${program.name} ${problem ?? "did not start"}:\n${await newLines(program.logFile, from)}`);
}
