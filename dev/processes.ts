/** What the kernel knows of processes, read from /proc. */
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

/** A process by number and the moment it started, in clock ticks since boot: numbers are used again, pairs are not. */
export interface ProcessId {
  readonly pid: number;
  readonly startedAt: string;
}

/** A living process, or null when it is gone or only waits to be reaped. */
export function identify(pid: number): ProcessId | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in parentheses, may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? null : { pid, startedAt: fields[19] ?? "" };
  } catch {
    return null;
  }
}

export const isAlive = ({ pid, startedAt }: ProcessId): boolean => identify(pid)?.startedAt === startedAt;

/** Waits until it is gone; false when it still lives after `timeoutMs`. */
export async function waitUntilGone(id: ProcessId, timeoutMs: number): Promise<boolean> {
  for (const giveUpAt = Date.now() + timeoutMs; isAlive(id);) {
    if (Date.now() >= giveUpAt) return false;
    await pause(20);
  }
  return true;
}

/** Sends a signal, unless the process is gone or its number is another's by now. */
export function signal(id: ProcessId, name: NodeJS.Signals): void {
  if (!isAlive(id)) return;
  try {
    process.kill(id.pid, name);
  } catch {
    // It left between the two calls.
  }
}

/** Asks a process to leave by `name`, and makes it after `patienceMs`. */
export async function end(id: ProcessId, name: NodeJS.Signals, patienceMs: number): Promise<void> {
  signal(id, name);
  if (await waitUntilGone(id, patienceMs)) return;
  signal(id, "SIGKILL");
  await waitUntilGone(id, 5_000);
}
