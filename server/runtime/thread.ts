/** The file each thread runs. Its environment is empty; all it knows comes with a task. */
import { setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { collectGarbage } from "./collect-garbage.ts";
import type { RunAnswer, RunStarted, RunTask } from "./messages.ts";
import { runProgram } from "./run-program.ts";

/** Below the thread that answers everybody, which must go on when every program is busy. On Linux 0 is this thread. */
const NICENESS = 10;
setPriority(0, NICENESS);

export default function run(task: RunTask): RunAnswer {
  const started: RunStarted = { started: task.runId };
  parentPort?.postMessage(started);
  const answer = runProgram(task);
  collectGarbage();
  return answer;
}
