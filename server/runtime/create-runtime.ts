/** The pool of threads. Piscina carries tasks; the wall clock, and what a lost thread means, are ours. */
import { Piscina } from "piscina";
import { isRunStarted, type RunAnswer, type RunTask } from "./messages.ts";
import { RuntimeBusy, RuntimeFailed, type RunRequest, type RunResult, type Runtime } from "./types.ts";

export interface RuntimeOptions {
  /** More than there are cores, so that one long run does not stop the short ones. */
  readonly threads: number;
  /** Runs that may wait for a thread. */
  readonly maxQueue: number;
}

/** Bounds of what a thread may take for itself, beside the program's own memory. */
const THREAD_LIMITS = { stackSizeMb: 4, maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 };

/** Starts the threads and gives the one door through which programs run. */
export function createRuntime({ threads, maxQueue }: RuntimeOptions): Runtime {
  const pool = new Piscina<RunTask, RunAnswer>({
    filename: new URL("./thread.ts", import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    maxQueue,
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

  return {
    get queueDepth() {
      return pool.queueSize;
    },
    run: async (request: RunRequest): Promise<RunResult> => {
      if (pool.queueSize >= maxQueue) throw new RuntimeBusy("the queue is full");
      const { wallMs } = request.limits;
      const overtime = new AbortController();
      let timer: NodeJS.Timeout | undefined;
      whenStarted.set(request.runId, () => {
        timer = setTimeout(() => overtime.abort(), wallMs);
      });
      try {
        return await pool.run(request, { signal: overtime.signal });
      } catch (error) {
        // The abort killed the thread, and with it the log; the pool replaces it.
        if (overtime.signal.aborted)
          return { ending: "wall-time", durationMs: wallMs, log: new Uint8Array() };
        throw new RuntimeFailed("a thread was lost", { cause: error });
      } finally {
        clearTimeout(timer);
        whenStarted.delete(request.runId);
      }
    },
    close: () => pool.destroy(),
  };
}
