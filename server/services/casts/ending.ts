import type { RunResult } from "../../runtime/types.ts";
import { SpellFailed, WallTimeExceeded, type ProductError, type SpellErrorCode } from "../../errors.ts";
import { textOf } from "./cast-view.ts";

type Failure = Exclude<RunResult, { ending: "completed" }>;

type OwnFailure = Exclude<Failure, { ending: "wall-time" }>;

function spellErrorCode(run: OwnFailure): SpellErrorCode {
  switch (run.ending) {
    case "exited":
      return "WASM_EXIT_NONZERO";
    case "trapped":
      return "WASM_TRAP";
    case "out-of-fuel":
      return "FUEL_EXHAUSTED";
    case "stack-exhausted":
      return "STACK_EXHAUSTED";
    case "memory-limit":
      return "MEMORY_LIMIT";
    case "output-limit":
      return "OUTPUT_LIMIT";
    case "invalid-input":
      return "INVALID_INPUT";
    case "invalid-output":
      return "INVALID_OUTPUT";
  }
}

/** What the ledger, the history and the metrics call a run that did not complete. */
export const errorCodeOf = (run: Failure): SpellErrorCode | "WALL_TIME" =>
  run.ending === "wall-time" ? "WALL_TIME" : spellErrorCode(run);

/** How it failed, in a sentence for the caller. */
export function sentenceOf(run: Failure): string {
  switch (run.ending) {
    case "wall-time":
      return "The spell was stopped at its limit of wall time.";
    case "exited":
      return `The spell ended with exit code ${run.exitCode}.`;
    case "trapped":
      return `The spell trapped: ${run.trap}.`;
    case "out-of-fuel":
      return `The spell used up its fuel of ${run.fuelUsed}.`;
    case "stack-exhausted":
      return "The spell used up its stack.";
    case "memory-limit":
      return "The spell failed at its memory limit.";
    case "output-limit":
      return "The spell wrote more output than is allowed.";
    case "invalid-input":
      return `The payload does not fit the spell's input: ${run.problems.join("; ")}.`;
    case "invalid-output":
      return "The spell's output is not what its content type promises.";
  }
}

export interface FailedCast {
  readonly castId: string;
  readonly wallMs: number;
  readonly costMicros: number;
}

/** The error a caller gets for a run that did not complete. */
export function failureOf({ castId, wallMs, costMicros }: FailedCast, run: Failure): ProductError {
  const log = textOf(run.log);
  if (run.ending === "wall-time") return new WallTimeExceeded({ castId, wallMs, log });
  return new SpellFailed({
    castId,
    errorCode: spellErrorCode(run),
    detail: sentenceOf(run),
    log,
    costMicros,
    fuelUsed: run.fuelUsed,
  });
}
