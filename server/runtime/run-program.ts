/** One run of one program inside its thread: input schema, then the program, then its output. */
import { inputProblems } from "./input-schema.ts";
import type { RunAnswer, RunTask } from "./messages.ts";
import { outputFits } from "./output-check.ts";
import { trapName } from "./trap-name.ts";
import { createWasi, Unwind, type Wasi } from "./wasi/create-wasi.ts";
import { WASI_MODULE } from "./wasi/signatures.ts";
import { Streams } from "./wasi/streams.ts";

type Ending<Answer = RunAnswer> = Answer extends unknown ? Omit<Answer, "durationMs" | "log"> : never;

const STACK_OVERFLOW = "Maximum call stack size exceeded";

/**
 * Did the program fail because its memory was full? Until growth itself is instrumented this is read off its size: a
 * program that was refused a large step and gave up below the cap counts as trapped or exited.
 */
function isMemoryFull(memory: WebAssembly.Memory | null, { limits }: RunTask, initialBytes: number): boolean {
  const capBytes = Math.floor(limits.memoryBytes / 65_536) * 65_536;
  return memory !== null && memory.buffer.byteLength >= capBytes && initialBytes < capBytes;
}

/** How the program left: by returning or exiting, by an error, or through a limit of the host. */
function classify(thrown: unknown, wasi: Wasi): Ending | { readonly ending: "returned" } {
  const host = wasi.ending();
  if (host !== null) {
    if (host.kind === "output-limit") return { ending: "output-limit" };
    return host.code === 0 ? { ending: "returned" } : { ending: "exited", exitCode: host.code };
  }
  if (thrown === null) return { ending: "returned" };
  if (thrown instanceof RangeError && thrown.message === STACK_OVERFLOW) return { ending: "stack-exhausted" };
  if (thrown instanceof WebAssembly.RuntimeError)
    return { ending: "trapped", trap: trapName(thrown.message) };
  if (Object.prototype.toString.call(thrown) === "[object WebAssembly.Exception]")
    return { ending: "trapped", trap: "uncaught exception" };
  throw new Error("not the program's doing: no memory for its instance, or a bug of ours", { cause: thrown });
}

function execute(task: RunTask, wasi: Wasi): Ending | { readonly ending: "returned" } {
  let memory: WebAssembly.Memory | null = null;
  let initialBytes = 0;
  let thrown: unknown = null;
  try {
    const { exports } = new WebAssembly.Instance(task.module, { [WASI_MODULE]: { ...wasi.imports } });
    const { memory: exported, _start: start } = exports;
    // Preparation checked the names and kinds of both exports.
    if (!(exported instanceof WebAssembly.Memory) || typeof start !== "function")
      throw new Error("unprepared module");
    memory = exported;
    initialBytes = memory.buffer.byteLength;
    wasi.memory.bind(memory);
    Reflect.apply(start, undefined, []);
  } catch (error) {
    thrown = error instanceof Unwind ? null : error;
  }
  const left = classify(thrown, wasi);
  const hasFailed = left.ending === "trapped" || left.ending === "exited";
  return hasFailed && isMemoryFull(memory, task, initialBytes) ? { ending: "memory-limit" } : left;
}

function runStreams(task: RunTask, streams: Streams): Ending {
  if (task.inputSchema !== undefined) {
    const problems = inputProblems(task.inputSchema, JSON.parse(new TextDecoder().decode(task.input)));
    if (problems.length > 0) return { ending: "invalid-input", problems };
  }
  const left = execute(task, createWasi({ ...task, streams }));
  if (left.ending !== "returned") return left;
  const { output } = streams;
  return outputFits(task.outputContentType, output)
    ? { ending: "completed", output }
    : { ending: "invalid-output" };
}

/** Runs a program to its end in the calling thread; only the wall clock can stop it from outside. */
export function runProgram(task: RunTask): RunAnswer {
  const startedAt = performance.now();
  const streams = new Streams(task.input, task.limits);
  const ending = runStreams(task, streams);
  const durationMs = Math.round((performance.now() - startedAt) * 1_000) / 1_000;
  return { ...ending, durationMs, log: streams.log };
}
