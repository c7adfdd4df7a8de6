/**
 * The pool of threads. Piscina carries tasks and replaces threads; who is next, the wall clock, and what a lost thread
 * means, are ours.
 */
import { Piscina } from "piscina";
import { FairQueue } from "./fair-queue.ts";
import { threadFile } from "./thread-file.ts";
import { isRunStarted, type RunAnswer, type RunTask } from "./messages.ts";
import { RuntimeBusy, RuntimeFailed, type RunRequest, type RunResult, type Runtime } from "./types.ts";

export interface RuntimeOptions {
  /** More than there are cores, so that one long run does not stop the short ones. */
  readonly threads: number;
  /** More threads, for runs that turned out to be long, so that they make room for short ones. */
  readonly longThreads?: number;
  /** Runs that may wait for a thread. */
  readonly maxQueue: number;
}

/** A run that has taken this much wall time makes room for others. */
const LONG_MS = 20;
/** After one of this much, its group's next run does not stand in the way of others to begin with. Well above what a
 * short run may take on a busy machine. */
const SLOW_MS = 250;

/**
 * Bounds of what a thread may take for itself. A full stack holds half a million exceptions, 100 MiB at worst
 * (`BOUNDS.tagBytes`). The rest is for growing memories: near half of this V8 collects garbage at every page more.
 */
const THREAD_LIMITS = { stackSizeMb: 4, maxOldGenerationSizeMb: 1_100, maxYoungGenerationSizeMb: 32 };

/** Starts the threads and gives the one door through which programs run. */
export function createRuntime({ threads, longThreads = 0, maxQueue }: RuntimeOptions): Runtime {
  const pool = new Piscina<RunTask, RunAnswer>({
    filename: threadFile(),
    minThreads: threads + longThreads,
    maxThreads: threads + longThreads,
    concurrentTasksPerWorker: 1,
    env: {},
    execArgv: [],
    resourceLimits: THREAD_LIMITS,
    recordTiming: false,
  });
  // A thread that dies between two runs has nobody waiting for it; the pool replaces it, and nothing is lost.
  pool.on("error", () => undefined);
  const whenStarted = new Map<string, () => void>();
  pool.on("message", (message: unknown) => {
    if (isRunStarted(message)) whenStarted.get(message.started)?.();
  });

  const runInThread = async (request: RunRequest, onLong: () => void): Promise<RunResult> => {
    const { wallMs } = request.limits;
    const overtime = new AbortController();
    let [timer, longTimer]: (NodeJS.Timeout | undefined)[] = [];
    whenStarted.set(request.runId, () => {
      timer = setTimeout(() => overtime.abort(), wallMs);
      longTimer = setTimeout(onLong, LONG_MS);
    });
    try {
      return await pool.run(request, { signal: overtime.signal });
    } catch (error) {
      // The abort killed the thread, and with it the log; the pool replaces it.
      if (overtime.signal.aborted) return { ending: "wall-time", durationMs: wallMs, log: new Uint8Array() };
      throw new RuntimeFailed("a thread was lost", { cause: error });
    } finally {
      clearTimeout(timer);
      clearTimeout(longTimer);
      whenStarted.delete(request.runId);
    }
  };

  const queue = new FairQueue<(isLong: boolean) => void>({ short: threads, long: longThreads });
  const startWaiting = () => {
    for (let next = queue.take(); next !== null; next = queue.take()) next.item(next.isLong);
  };
  return {
    get queueDepth() {
      return queue.size;
    },
    run: async (request: RunRequest): Promise<RunResult> => {
      if (queue.size >= maxQueue) throw new RuntimeBusy("the queue is full");
      const { group = request.runId } = request;
      let isLong = await new Promise<boolean>((resolve) => {
        queue.push(group, resolve);
        startWaiting();
      });
      const startedAt = performance.now();
      try {
        return await runInThread(request, () => {
          isLong ||= queue.makeLong(group);
          startWaiting();
        });
      } finally {
        queue.remember(group, performance.now() - startedAt >= SLOW_MS);
        queue.done(group, isLong);
        startWaiting();
      }
    },
    close: () => pool.destroy(),
  };
}
