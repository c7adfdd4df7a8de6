/** Real processes for tests of those that watch and end them. None outlives the test that started it. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { onTestFinished } from "vitest";
import { identify, type ProcessId } from "../../dev/processes.ts";

export interface Child {
  readonly id: ProcessId;
  readonly process: ChildProcess;
  /** How it ended: its exit code or the signal's name. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** The next lines it prints. */
  line(): Promise<string>;
}

/** Starts a program; its first line, when it prints one, can be waited for. */
export async function startChild(file: string, args: readonly string[]): Promise<Child> {
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = once(child, "exit").then(
    ([code, signal]: (number | NodeJS.Signals | null)[]) => signal ?? code ?? -1,
  );
  await once(child, "spawn");
  const id = identify(child.pid ?? -1);
  if (id === null) throw new Error(`${file} did not stay`);
  const line = async () => {
    const [chunk] = (await once(child.stdout, "data")) as [Buffer];
    return chunk.toString().trim();
  };
  return { id, process: child, ended, line };
}

/** A process that waits until it is told to end. */
export const startSleeper = (): Promise<Child> => startChild("sleep", ["600"]);

/** One that does not listen to SIGTERM. */
export async function startStubborn(): Promise<Child> {
  const child = await startChild("sh", ["-c", "trap '' TERM; echo ready; exec sleep 600"]);
  await child.line();
  return child;
}
