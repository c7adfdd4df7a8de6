/** Every message between the main thread and the threads that run programs. */
import type { MessagePort } from "node:worker_threads";
import type { RunRequest, RunResult } from "./types.ts";

export type RunTask = RunRequest;

/** Runs that one thread takes one after the other: a task, as Piscina carries it. */
export interface BundleTask {
  /** Where on the claim board these runs are, and which use of the place this is. */
  readonly place: number;
  readonly turn: number;
  readonly runs: readonly RunTask[];
}

/** A run's answer. A run killed at its wall time has none. */
export type RunAnswer = Exclude<RunResult, { ending: "wall-time" }>;

/** How a run left its thread; `index` counts within the bundle. A failure is ours, not the program's. */
export type RunEnd =
  | { readonly index: number; readonly answer: RunAnswer }
  | { readonly index: number; readonly failure: unknown };

/** A bundle's answer. What ended before `last` is in the thread's port, since a run must not hold what came before it. */
export interface BundleEnd {
  readonly threadId: number;
  readonly last: RunEnd | null;
}

/** Sent by a thread once, when it has loaded, with the port of its `RunEnd`s. */
export interface ThreadReady {
  readonly threadId: number;
  /** Null where the kernel has no priority for a thread. */
  readonly kernelId: number | null;
  readonly ends: MessagePort;
}

/** Only our threads send messages, and this is the only one that does not come through a port of its own. */
export const isThreadReady = (message: unknown): message is ThreadReady =>
  typeof message === "object" && message !== null && "threadId" in message && "ends" in message;
