/**
 * Preparation away from everything else: a child process reads the module, rewrites it, compiles what came out to full
 * optimisation and runs it once, under hard limits of the operating system. A compiler has no fuel: a module that takes
 * it too long or too much memory is refused here, where only the child pays.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { ModuleRefused } from "../types.ts";
import type { PreparedModule, PreparePolicy } from "./prepare-module.ts";

/** What a module may take to be prepared and compiled, in all. */
export const PROOF_LIMITS = { cpuSeconds: 15, memoryBytes: 1_536 * 1_048_576, wallMs: 60_000 };

/** The first line a child writes; the prepared bytes follow it. */
export const childAnswer = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("prepared"), publishedDigest: z.string(), preparedDigest: z.string() }),
  z.object({ outcome: z.literal("refused"), why: z.string() }),
]);

export type ChildAnswer = z.output<typeof childAnswer>;
export type ChildPolicy = Pick<PreparePolicy, "memoryBytes" | "maxModuleBytes">;

const script = fileURLToPath(new URL("./prepare-child.ts", import.meta.url));
interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Was it stopped by this process, at its wall time? */
  readonly isOverdue: boolean;
  readonly output: Buffer;
  readonly errors: string;
}

function runChild(bytes: Uint8Array, policy: ChildPolicy, limits: typeof PROOF_LIMITS): Promise<Ended> {
  const kib = Math.floor(limits.memoryBytes / 1_024);
  // The shell sets limits that the child cannot lift, and becomes the child. The soft limit of time has a signal of its own.
  const time = `ulimit -S -t ${limits.cpuSeconds} && ulimit -H -t ${limits.cpuSeconds + 1}`;
  const shell = `ulimit -c 0 && ulimit -d ${kib} && ${time} && exec "$0" "$@"`;
  const words = [process.execPath, script, JSON.stringify(policy)];
  const child = spawn("/bin/sh", ["-c", shell, ...words], {
    cwd: "/",
    env: { NODE_ENV: "production" },
    timeout: limits.wallMs,
    killSignal: "SIGKILL",
  });
  const [output, errors]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (piece: Buffer) => output.push(piece));
  child.stderr.on("data", (piece: Buffer) => errors.push(piece));
  // A child that is gone before it has read everything breaks the pipe; its end says why.
  child.stdin.on("error", () => undefined);
  child.stdin.end(bytes);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) =>
      resolve({
        code,
        signal,
        isOverdue: child.killed,
        output: Buffer.concat(output),
        errors: Buffer.concat(errors).toString(),
      }),
    );
  });
}

const NEWLINE = 0x0a;
/** By its time, or by a crash of the engine for want of memory. Any other signal came from outside. */
const SIGNALS_OF_LIMITS = new Set<NodeJS.Signals | null>([
  "SIGXCPU",
  "SIGABRT",
  "SIGTRAP",
  "SIGILL",
  "SIGSEGV",
  "SIGBUS",
]);

const isOverLimit = ({ signal, isOverdue }: Ended): boolean => isOverdue || SIGNALS_OF_LIMITS.has(signal);

/**
 * Prepares a module for publishing.
 * @throws ModuleRefused naming what is wrong, also when compiling takes more than `PROOF_LIMITS`; Error when the child
 * failed or was killed without the module's doing
 */
export async function prepareInChild(
  bytes: Uint8Array,
  policy: ChildPolicy,
  limits = PROOF_LIMITS,
): Promise<PreparedModule> {
  if (bytes.length > policy.maxModuleBytes) {
    throw new ModuleRefused(
      `has ${bytes.length} bytes; the largest module may have ${policy.maxModuleBytes}`,
    );
  }
  const ended = await runChild(bytes, policy, limits);
  if (isOverLimit(ended)) {
    throw new ModuleRefused(
      `takes more than ${limits.cpuSeconds} s or ${Math.floor(limits.memoryBytes / 1_048_576)} MiB to prepare and compile`,
    );
  }
  const { code, signal, output, errors } = ended;
  const end = output.indexOf(NEWLINE);
  if (code !== 0 || end < 0) throw new Error(`preparing a module failed (${code ?? signal}): ${errors}`);
  const answer = childAnswer.parse(JSON.parse(output.subarray(0, end).toString()));
  if (answer.outcome === "refused") throw new ModuleRefused(answer.why);
  return { ...answer, prepared: output.subarray(end + 1) };
}
