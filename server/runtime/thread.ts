/** The file each thread runs. Its environment is empty; all it knows comes with a task. */
import { MessageChannel, parentPort, threadId, workerData } from "node:worker_threads";
import { ClaimBoard } from "./claim-board.ts";
import { collectGarbage } from "./collect-garbage.ts";
import type { BundleEnd, BundleTask, RunEnd, RunTask, ThreadReady } from "./messages.ts";
import { lowerThisThread } from "./priority.ts";
import { runProgram } from "./run-program.ts";

const kernelId = lowerThisThread();

// `createThreads` gives the board's memory to every thread.
const board = new ClaimBoard(workerData as SharedArrayBuffer);
const { port1: ends, port2 } = new MessageChannel();
ends.unref();
const ready: ThreadReady = { threadId, kernelId, ends: port2 };
parentPort?.postMessage(ready, [port2]);

function endOf(index: number, task: RunTask): RunEnd {
  try {
    return { index, answer: runProgram(task) };
  } catch (failure) {
    return { index, failure };
  }
}

export default function run(bundle: BundleTask): BundleEnd {
  let last: RunEnd | null = null;
  for (const [index, task] of bundle.runs.entries()) {
    // Before the next one starts, which may never end.
    if (last !== null) ends.postMessage(last);
    last = null;
    if (!board.start(bundle, index, threadId)) continue;
    const end = endOf(index, task);
    if (!board.end(bundle, index)) break;
    last = end;
    // Not in the run's own time: it has ended, and must not be killed for this.
    collectGarbage();
  }
  return { threadId, last };
}
