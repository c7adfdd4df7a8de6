/** The file each thread runs. Its environment is empty; all it knows comes with a task. */
import { parentPort } from "node:worker_threads";
import type { RunAnswer, RunStarted, RunTask } from "./messages.ts";
import { runProgram } from "./run-program.ts";

export default function run(task: RunTask): RunAnswer {
  const started: RunStarted = { started: task.runId };
  parentPort?.postMessage(started);
  return runProgram(task);
}
