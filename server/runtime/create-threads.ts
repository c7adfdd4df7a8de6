/** The threads. Piscina carries bundles to them and replaces those that are lost. */
import type { EventEmitter } from "node:events";
import { receiveMessageOnPort, type MessagePort } from "node:worker_threads";
import { Piscina } from "piscina";
import { ClaimBoard } from "./claim-board.ts";
import { isThreadReady, type BundleEnd, type BundleTask, type RunEnd } from "./messages.ts";
import { createPriorities } from "./priority.ts";
import { threadFile } from "./thread-file.ts";

/**
 * Bounds of what a thread may take for itself. A full stack holds half a million exceptions, 100 MiB at worst
 * (`BOUNDS.tagBytes`). The rest is for growing memories: near half of this V8 collects garbage at every page more.
 */
const THREAD_LIMITS = { stackSizeMb: 4, maxOldGenerationSizeMb: 1_100, maxYoungGenerationSizeMb: 32 };

export interface Threads {
  readonly board: ClaimBoard;
  /** Gives a thread the bundle; `abort` on `killer` kills that thread. Rejects when the thread is lost. */
  run(bundle: BundleTask, killer: EventEmitter): Promise<BundleEnd>;
  /** Takes the ends that a thread has sent ahead of its bundle's. Null: the thread has not said that it is ready. */
  takeEnds(threadId: number): RunEnd[] | null;
  /** Resolves when one more thread is ready. */
  nextReady(): Promise<unknown>;
  /** The run under way there takes long: runs in other threads go before it, until it is given back. */
  lower(threadId: number): void;
  raise(threadId: number): void;
  /** A thread that was lost sends nothing any more. */
  forget(threadId: number): void;
  close(): Promise<void>;
}

function received(port: MessagePort): RunEnd[] {
  const ends: RunEnd[] = [];
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port))
    // A thread sends nothing else through this port.
    ends.push(next.message as RunEnd);
  return ends;
}

/** Starts threads for so many bundles at once, and `spare` ones, which take the place of those that are killed. */
export function createThreads(places: number, spare = 0): Threads {
  const board = ClaimBoard.ofPlaces(places);
  const count = places + spare;
  const ports = new Map<number, MessagePort>();
  const kernelIds = new Map<number, number>();
  const priorities = createPriorities();
  let ready = Promise.withResolvers<undefined>();
  const pool = new Piscina<BundleTask, BundleEnd>({
    filename: threadFile(),
    minThreads: count,
    maxThreads: count,
    concurrentTasksPerWorker: 1,
    env: {},
    execArgv: [],
    workerData: board.memory,
    resourceLimits: THREAD_LIMITS,
    recordTiming: false,
  });
  // A thread that dies between two bundles has nobody waiting for it; the pool replaces it, and nothing is lost.
  pool.on("error", () => undefined);
  pool.on("message", (message: unknown) => {
    if (!isThreadReady(message)) return;
    ports.set(message.threadId, message.ends);
    if (message.kernelId !== null) kernelIds.set(message.threadId, message.kernelId);
    ready.resolve(undefined);
    ready = Promise.withResolvers();
  });
  const forget: Threads["forget"] = (threadId) => {
    ports.get(threadId)?.close();
    ports.delete(threadId);
    kernelIds.delete(threadId);
  };
  const withKernelId = (change: (kernelId: number) => void) => (threadId: number) => {
    const kernelId = kernelIds.get(threadId);
    if (kernelId !== undefined) change(kernelId);
  };
  return {
    board,
    run: (bundle, killer) => pool.run(bundle, { signal: killer }),
    takeEnds: (threadId) => {
      const port = ports.get(threadId);
      return port === undefined ? null : received(port);
    },
    nextReady: () => ready.promise,
    lower: withKernelId(priorities.lower),
    raise: withKernelId(priorities.raise),
    forget,
    close: async () => {
      await pool.destroy();
      for (const threadId of ports.keys()) forget(threadId);
    },
  };
}
