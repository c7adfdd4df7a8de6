/**
 * Writes the loops of one function that pay from a credit (see credit-plan.ts). Each stands in three more labels, so
 * that what renews the credit is outside of it, where it does not cost the loop its registers:
 *
 *     block            ;; out of it: the loop is done
 *       loop
 *         block        ;; out of it: an iteration cannot be paid
 *           loop       ;; the program's own
 *             (pay, below the credit's end: br 1) ... end
 *           br 2
 *         end
 *         (take a new credit)
 *         br 0
 *       end
 *     end
 */
import { unsigned } from "./byte-writer.ts";
import {
  beginCredit,
  branch,
  getLocal,
  giveBack,
  opcode,
  payFromCredit,
  payIteration,
  renew,
  setLocal,
  startBlock,
  teeLocal,
  type AddedIndices,
  type Bytes,
  type CreditLocals,
} from "./code.ts";
import type { CreditPlan } from "./credit-plan.ts";
import type { Operation } from "./read-function.ts";

/** What to write around one operation, or instead of it. */
export interface Rewritten {
  readonly before: Bytes;
  /** Null: the operation as it is. */
  readonly instead: Bytes | null;
  readonly after: Bytes;
}

/** The locals of credit, and one for what a branch chooses by (i32). */
export interface WriterLocals extends CreditLocals {
  readonly choice: number;
}

interface Construct {
  /** Labels added by it and all around it. */
  readonly labels: number;
  /** Does a credit begin here? */
  readonly begins: boolean;
  readonly pays: boolean;
  /** What one of its iterations costs. */
  price: number;
}

const AS_IT_IS: Rewritten = { before: [], instead: null, after: [] };
const LABELS = 3;
const END = opcode("end");

const tableOf = (depths: readonly number[]): Bytes => [
  ...opcode("br_table"),
  ...unsigned(depths.length - 1),
  ...depths.flatMap(unsigned),
];

export class CreditWriter {
  readonly #bytes: Uint8Array;
  readonly #plan: CreditPlan;
  readonly #added: AddedIndices;
  readonly #locals: WriterLocals;
  readonly #open: Construct[] = [];
  /** How many constructs stand around the one where the credit began; null outside of such. */
  #beganAt: number | null = null;
  #isAtHeader = false;

  constructor(bytes: Uint8Array, plan: CreditPlan, added: AddedIndices, locals: WriterLocals) {
    this.#bytes = bytes;
    this.#plan = plan;
    this.#added = added;
    this.#locals = locals;
  }

  /** How to pay in front of the next operation; null when not from a credit. */
  pay(amount: number): Bytes | null {
    if (this.#beganAt === null) return null;
    const loop = this.#open[this.#open.length - 1];
    if (!this.#isAtHeader || loop === undefined) return payFromCredit(this.#added, amount, this.#locals);
    loop.price = amount;
    return payIteration(amount, this.#locals);
  }

  get #labelsHere(): number {
    return this.#open[this.#open.length - 1]?.labels ?? 0;
  }

  /** The depth of a label among those that were added. */
  #moved(depth: number): number {
    return depth + this.#labelsHere - (this.#open[this.#open.length - 1 - depth]?.labels ?? 0);
  }

  #leaves(depth: number): boolean {
    return this.#open.length - 1 - depth < (this.#beganAt ?? 0);
  }

  get #giveBack(): Bytes {
    return giveBack(this.#added, this.#locals);
  }

  #enterLoop(i: number, type: Bytes): Rewritten {
    const begins = this.#plan.begins.has(i);
    if (begins) this.#beganAt = this.#open.length;
    this.#open.push({ labels: this.#labelsHere + LABELS, begins, pays: true, price: 0 });
    const labels = [...startBlock("block", type), ...startBlock("loop", type), ...startBlock("block")];
    return { ...AS_IT_IS, before: [...(begins ? beginCredit(this.#added, this.#locals) : []), ...labels] };
  }

  #leave(): Rewritten {
    const construct = this.#open.pop();
    if (construct?.pays !== true) return AS_IT_IS;
    if (construct.begins) this.#beganAt = null;
    const renewed = renew(this.#added, construct.price, this.#locals);
    const after = [...branch("br", 2), ...END, ...renewed, ...branch("br", 0), ...END, ...END];
    return { ...AS_IT_IS, after: construct.begins ? [...after, ...this.#giveBack] : after };
  }

  #branchIf(depth: number, hasValues: boolean): Rewritten {
    const moved = this.#moved(depth);
    if (!this.#leaves(depth)) return { ...AS_IT_IS, instead: branch("br_if", moved) };
    const { choice } = this.#locals;
    const instead = hasValues
      ? [
          ...[...teeLocal(choice), ...startBlock("if"), ...this.#giveBack, ...END],
          ...[...getLocal(choice), ...branch("br_if", moved)],
        ]
      : [...startBlock("if"), ...this.#giveBack, ...branch("br", moved + 1), ...END];
    return { ...AS_IT_IS, instead };
  }

  #branchTable(labels: readonly number[]): Rewritten {
    const isLeaving = labels.map((depth) => this.#leaves(depth));
    const asItIs = tableOf(labels.map((depth) => this.#moved(depth)));
    if (!isLeaving.includes(true)) return { ...AS_IT_IS, instead: asItIs };
    if (!isLeaving.includes(false)) return { ...AS_IT_IS, before: this.#giveBack, instead: asItIs };
    // A block for each label outside, behind which the credit is given back.
    const leaving = [...new Set(labels.filter((_depth, i) => isLeaving[i] === true))];
    const ways = new Map(leaving.map((depth, way) => [depth, way]));
    const inside = tableOf(labels.map((depth) => ways.get(depth) ?? this.#moved(depth) + leaving.length));
    const behind = leaving.flatMap((depth, way) => {
      const left = leaving.length - 1 - way;
      return [...END, ...this.#giveBack, ...branch("br", this.#moved(depth) + left)];
    });
    const blocks = leaving.flatMap(() => startBlock("block"));
    const { choice } = this.#locals;
    return {
      ...AS_IT_IS,
      instead: [...setLocal(choice), ...blocks, ...getLocal(choice), ...inside, ...behind],
    };
  }

  /** How to write an operation. */
  step({ instruction: { name }, at, end, index, labels }: Operation, i: number): Rewritten {
    if (this.#plan.begins.size === 0) return AS_IT_IS;
    const isInside = this.#beganAt !== null;
    this.#isAtHeader = name === "loop";
    if (name === "loop" && (isInside || this.#plan.begins.has(i)))
      return this.#enterLoop(i, [...this.#bytes.subarray(at + 1, end)]);
    switch (name) {
      case "loop":
      case "block":
      case "if":
      case "try":
      case "try_table":
        this.#open.push({ labels: this.#labelsHere, begins: false, pays: false, price: 0 });
        return AS_IT_IS;
      case "end":
      case "delegate":
        return this.#leave();
    }
    return isInside ? this.#inside(name, i, index, labels) : AS_IT_IS;
  }

  /** Whatever leads out of the loop where the credit began gives it back, and labels are farther away. */
  #inside(name: string, i: number, index: number, labels: readonly number[]): Rewritten {
    switch (name) {
      case "br":
        return {
          ...AS_IT_IS,
          before: this.#leaves(index) ? this.#giveBack : [],
          instead: branch("br", this.#moved(index)),
        };
      case "br_if":
        return this.#branchIf(index, this.#plan.withValues.has(i));
      case "br_table":
        return this.#branchTable(labels);
      case "return":
      case "return_call":
      case "return_call_indirect":
      case "unreachable":
        return { ...AS_IT_IS, before: this.#giveBack };
      default:
        return AS_IT_IS;
    }
  }
}
