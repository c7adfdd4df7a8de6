/** The threads. Piscina carries bundles to them and replaces those that are lost. */
import type { EventEmitter } from "node:events";
import { receiveMessageOnPort, type MessagePort } from "node:worker_threads";
import { Piscina } from "piscina";
import { ClaimBoard } from "./claim-board.ts";
import { isThreadReady, type BundleEnd, type BundleTask, type RunEnd } from "./messages.ts";
import { threadFile } from "./thread-file.ts";

/** Bounds of what a thread may take for itself, beside the program's own memory. */
const THREAD_LIMITS = { stackSizeMb: 4, maxOldGenerationSizeMb: 1_100, maxYoungGenerationSizeMb: 32 };

export interface Threads {
  readonly board: ClaimBoard;
  /** Gives a thread the bundle; `abort` on `killer` kills that thread. Rejects when the thread is lost. */
  run(bundle: BundleTask, killer: EventEmitter): Promise<BundleEnd>;
  /** Takes the ends that a thread has sent ahead of its bundle's. Null: the thread has not said that it is ready. */
  takeEnds(threadId: number): RunEnd[] | null;
  /** Resolves when one more thread is ready. */
  nextReady(): Promise<unknown>;
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

/** Starts so many threads. */
export function createThreads(count: number): Threads {
  const board = ClaimBoard.ofPlaces(count);
  const ports = new Map<number, MessagePort>();
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
    ready.resolve(undefined);
    ready = Promise.withResolvers();
  });
  const forget: Threads["forget"] = (threadId) => {
    ports.get(threadId)?.close();
    ports.delete(threadId);
  };
  return {
    board,
    run: (bundle, killer) => pool.run(bundle, { signal: killer }),
    takeEnds: (threadId) => {
      const port = ports.get(threadId);
      return port === undefined ? null : received(port);
    },
    nextReady: () => ready.promise,
    forget,
    close: async () => {
      await pool.destroy();
      for (const threadId of ports.keys()) forget(threadId);
    },
  };
}
