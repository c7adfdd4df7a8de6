/**
 * Which loops pay from a credit: on entry they lower the global to a multiple of `CREDIT`, pay from a local as long as
 * that does not go below, and write it into the global where the loop is left. So a short loop runs in registers.
 *
 * Nothing inside may see the global: a call, a throw, an operation that pays by length excludes the loops around it,
 * and so does a `try`. Loops inside such a loop pay from the same credit. What a trap inside reports is too much by
 * what was left of the credit, which is less than `CREDIT`.
 */
import type { Operation } from "./read-function.ts";
import { typeAt, type ModuleShape } from "./read-module.ts";
import type { FunctionType } from "./value-types.ts";

export interface CreditPlan {
  /** Loops at which a credit begins, by their operation; none is inside another. */
  readonly begins: ReadonlySet<number>;
  /** Conditional branches that take values along. */
  readonly withValues: ReadonlySet<number>;
}

export const NO_CREDIT: CreditPlan = { begins: new Set(), withValues: new Set() };

/** What pays otherwise than at the places of a charge plan, or shows to somebody what is paid. */
export const PAYS_ELSEWHERE: ReadonlySet<string> = new Set([
  ...["call", "call_indirect", "throw", "throw_ref", "rethrow"],
  ...["grow", "copy", "fill", "init"].flatMap((what) => [`memory.${what}`, `table.${what}`]),
]);

interface Construct {
  readonly at: number;
  readonly isLoop: boolean;
  readonly type: FunctionType;
  /** May its iterations be paid from a credit? */
  mayUse: boolean;
  /** May the credit begin here? */
  mayBegin: boolean;
  /** Does a branch lead back to it, so far? */
  isRepeated: boolean;
}

const NOTHING: FunctionType = { parameters: [], results: [] };

class Finder {
  readonly #shape: ModuleShape;
  readonly #open: Construct[] = [];
  readonly #begins: number[] = [];
  readonly #withValues = new Set<number>();

  constructor(shape: ModuleShape, type: FunctionType) {
    this.#shape = shape;
    this.#open.push({
      at: -1,
      isLoop: false,
      type: { parameters: [], results: type.results },
      mayUse: false,
      mayBegin: false,
      isRepeated: false,
    });
  }

  get plan(): CreditPlan {
    return { begins: new Set(this.#begins), withValues: this.#withValues };
  }

  #typeOf({ blockType }: Operation): FunctionType {
    if (blockType === null) return NOTHING;
    if ("typeIndex" in blockType) return typeAt(this.#shape, blockType.typeIndex);
    return { parameters: [], results: blockType.result === null ? [] : [blockType.result] };
  }

  #enter(operation: Operation, at: number): void {
    const { name } = operation.instruction;
    const type = this.#typeOf(operation);
    const isLoop = name === "loop";
    const isTry = name === "try" || name === "try_table";
    // A loop with parameters could not be begun again after its credit was renewed.
    const mayUse = !isTry && !(isLoop && type.parameters.length > 0);
    this.#open.push({ at, isLoop, type, mayUse, mayBegin: true, isRepeated: false });
  }

  #leave(): void {
    const closed = this.#open.pop();
    const around = this.#open[this.#open.length - 1];
    if (closed === undefined || around === undefined) return;
    if (closed.isLoop && closed.isRepeated) {
      const begins = closed.mayUse && closed.mayBegin;
      // Inside a loop with a credit none begins, and inside one that may not have any it would begin too often.
      if (begins || !closed.mayUse) this.#begins.splice(this.#beginsBefore(closed.at));
      if (begins) this.#begins.push(closed.at);
    }
    around.mayUse &&= closed.mayUse;
  }

  /** How many of the credits found so far begin in front of an operation. */
  #beginsBefore(at: number): number {
    let count = this.#begins.length;
    for (; count > 0 && (this.#begins[count - 1] ?? 0) > at; count -= 1);
    return count;
  }

  #hasValues(depth: number): boolean {
    const target = this.#open[this.#open.length - 1 - depth];
    if (target === undefined) return false;
    return (target.isLoop ? target.type.parameters : target.type.results).length > 0;
  }

  /** A table with values that leads out of a loop and goes on inside as well has no place to give back at. */
  #branchTable(labels: readonly number[]): void {
    const [nearest, farthest] = [Math.min(...labels), Math.max(...labels)];
    if (!this.#hasValues(farthest)) return;
    for (let depth = nearest; depth < farthest; depth += 1) {
      const construct = this.#open[this.#open.length - 1 - depth];
      if (construct !== undefined) construct.mayBegin = false;
    }
  }

  #branch(depth: number): void {
    const target = this.#open[this.#open.length - 1 - depth];
    if (target !== undefined) target.isRepeated = true;
  }

  step(operation: Operation, i: number): void {
    const { name, immediate } = operation.instruction;
    if (immediate === "block" || immediate === "catches") this.#enter(operation, i);
    else if (name === "end" || name === "delegate") this.#leave();
    else if (name === "br_table") {
      for (const depth of operation.labels) this.#branch(depth);
      this.#branchTable(operation.labels);
    } else if (name === "br" || name === "br_if") {
      this.#branch(operation.index);
      if (name === "br_if" && this.#hasValues(operation.index)) this.#withValues.add(i);
    } else if (PAYS_ELSEWHERE.has(name)) {
      const around = this.#open[this.#open.length - 1];
      if (around !== undefined) around.mayUse = false;
    }
  }
}

/** Finds the outermost loops of one function that pay from a credit. */
export function planCredit(
  shape: ModuleShape,
  type: FunctionType,
  operations: readonly Operation[],
): CreditPlan {
  if (!operations.some(({ instruction }) => instruction.name === "loop")) return NO_CREDIT;
  const finder = new Finder(shape, type);
  operations.forEach((operation, i) => {
    finder.step(operation, i);
  });
  return finder.plan;
}
