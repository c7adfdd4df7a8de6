/** Every message between the main thread and the threads that run programs. */
import type { RunRequest, RunResult } from "./types.ts";

/** A task, as Piscina carries it to a thread. */
export type RunTask = RunRequest;

/** A task's answer. A run killed at its wall time has none. */
export type RunAnswer = Exclude<RunResult, { ending: "wall-time" }>;

/** Sent by a thread when a run starts: its wall clock begins at the receipt. */
export interface RunStarted {
  readonly started: string;
}

export const isRunStarted = (message: unknown): message is RunStarted =>
  typeof message === "object" &&
  message !== null &&
  "started" in message &&
  typeof message.started === "string";
