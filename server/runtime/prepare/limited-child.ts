/** Work on a stranger's module in a process of its own, under hard limits of the operating system. */
import { spawn } from "node:child_process";
import { ModuleRefused } from "../types.ts";

const MIB = 1_048_576;

/** What a module may take to be prepared and compiled, in all. */
export const PROOF_LIMITS = { cpuSeconds: 15, memoryBytes: 1_536 * MIB, wallMs: 60_000 };
export type ChildLimits = typeof PROOF_LIMITS;

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Was it stopped by this process, at its wall time? */
  readonly isOverdue: boolean;
  readonly output: Buffer;
  readonly errors: string;
}

function runChild(words: readonly string[], input: Uint8Array, limits: ChildLimits): Promise<Ended> {
  const kib = Math.floor(limits.memoryBytes / 1_024);
  // The shell sets limits that the child cannot lift, and becomes the child. The soft limit of time has a signal of its own.
  const time = `ulimit -S -t ${limits.cpuSeconds} && ulimit -H -t ${limits.cpuSeconds + 1}`;
  const shell = `ulimit -c 0 && ulimit -d ${kib} && ${time} && exec "$0" "$@"`;
  const child = spawn("/bin/sh", ["-c", shell, process.execPath, ...words], {
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
  child.stdin.end(input);
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
 * Runs a script of ours with a module on its stdin; gives what it wrote to stdout.
 * @throws ModuleRefused when it takes more than the limits; Error when it fails or is killed without the module's doing
 */
export async function runLimited(
  script: string,
  words: readonly string[],
  module: Uint8Array,
  limits: ChildLimits,
): Promise<Buffer> {
  const ended = await runChild([script, ...words], module, limits);
  if (isOverLimit(ended)) {
    throw new ModuleRefused(
      `takes more than ${limits.cpuSeconds} s or ${Math.floor(limits.memoryBytes / MIB)} MiB to prepare and compile`,
    );
  }
  const { code, signal, output, errors } = ended;
  if (code !== 0) throw new Error(`preparing a module failed (${code ?? signal}): ${errors}`);
  return output;
}
