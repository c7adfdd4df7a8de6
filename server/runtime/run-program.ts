/** One run of one program inside its thread: input schema, then the program, then its output. */
import { inputProblems } from "./input-schema.ts";
import { giveBack, takeInstance } from "./instance-cache.ts";
import type { Instance } from "./instance.ts";
import type { RunAnswer, RunTask } from "./messages.ts";
import { outputFits } from "./output-check.ts";
import { GROWTH } from "./prepare/policy.ts";
import { treeOf } from "./resource-trees.ts";
import { trapName } from "./trap-name.ts";
import { isStackOverflow } from "./wasi/host.ts";
import { Streams } from "./wasi/streams.ts";

type Ending<Answer = RunAnswer> = Answer extends unknown
  ? Omit<Answer, "durationMs" | "log" | "fuelUsed">
  : never;
type Left = Ending | { readonly ending: "returned" };

const isException = (thrown: unknown): boolean =>
  Object.prototype.toString.call(thrown) === "[object WebAssembly.Exception]";

/** How the program left: through the host, for want of fuel, by returning, or by an error. */
function classify(thrown: unknown, { host }: Instance): Left {
  const { ending } = host.run;
  if (ending?.kind === "failure") throw new Error("the host failed", { cause: ending.error });
  if (ending?.kind === "output-limit") return { ending: "output-limit" };
  if (ending?.kind === "stack") return { ending: "stack-exhausted" };
  if (ending?.kind === "exit") {
    return ending.code === 0 ? { ending: "returned" } : { ending: "exited", exitCode: ending.code };
  }
  if (host.fuel.left < 0) return { ending: "out-of-fuel" };
  if (thrown === null) return { ending: "returned" };
  if (isStackOverflow(thrown)) return { ending: "stack-exhausted" };
  if (thrown instanceof WebAssembly.RuntimeError)
    return { ending: "trapped", trap: trapName(thrown.message) };
  if (isException(thrown)) return { ending: "trapped", trap: "uncaught exception" };
  throw new Error("not the program's doing", { cause: thrown });
}

/** Fuel when the ending was decided: what the program did while it was being stopped does not count. */
function fuelUsed({ host }: Instance, limit: number): number {
  const left = host.run.ending?.fuelLeft ?? host.fuel.left;
  return limit - Math.max(left, 0);
}

interface Executed {
  readonly left: Left;
  readonly fuelUsed: number;
}

function runInstance(task: RunTask, instance: Instance, streams: Streams): Executed {
  const { host } = instance;
  host.begin({ ...task, streams, resources: treeOf(task.resources), fuelLimit: task.limits.fuel });
  let thrown: unknown = null;
  try {
    instance.run();
  } catch (error) {
    thrown = error;
  }
  if (instance.growth() === GROWTH.refusedByHost)
    throw new Error("there was no memory for a growth within the cap");
  const left = classify(thrown, instance);
  const hasFailed = left.ending === "trapped" || left.ending === "exited";
  const isOverCap = hasFailed && instance.growth() === GROWTH.refusedByCap;
  return {
    left: isOverCap ? { ending: "memory-limit" } : left,
    fuelUsed: fuelUsed(instance, task.limits.fuel),
  };
}

function execute(task: RunTask, streams: Streams): Executed {
  let instance: Instance;
  try {
    instance = takeInstance(task.module, task.moduleDigest);
  } catch (error) {
    // A segment that does not fit its memory or table: the program's own doing, before it could use any fuel.
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    return { left: { ending: "trapped", trap: trapName(error.message) }, fuelUsed: 0 };
  }
  const executed = runInstance(task, instance, streams);
  giveBack(instance, task.moduleDigest);
  return executed;
}

function runStreams(task: RunTask, streams: Streams): Ending & { readonly fuelUsed: number } {
  if (task.inputSchema !== undefined) {
    const problems = inputProblems(task.inputSchema, JSON.parse(new TextDecoder().decode(task.input)));
    if (problems.length > 0) return { ending: "invalid-input", problems, fuelUsed: 0 };
  }
  const { left, fuelUsed: used } = execute(task, streams);
  if (left.ending !== "returned") return { ...left, fuelUsed: used };
  const { output } = streams;
  return outputFits(task.outputContentType, output)
    ? { ending: "completed", output, fuelUsed: used }
    : { ending: "invalid-output", fuelUsed: used };
}

/** Runs a program to its end in the calling thread; only the wall clock can stop it from outside. */
export function runProgram(task: RunTask): RunAnswer {
  const startedAt = performance.now();
  const streams = new Streams(task.input, task.limits);
  const ending = runStreams(task, streams);
  const durationMs = Math.round((performance.now() - startedAt) * 1_000) / 1_000;
  return { ...ending, durationMs, log: streams.log };
}
