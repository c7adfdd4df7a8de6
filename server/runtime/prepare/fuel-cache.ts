/**
 * Where a function knows the fuel that is left in a local of its own, so that a payment need not read it from the
 * global. Every payment still writes the global: whatever stops the program, what was used is known. Reading it back in
 * each iteration is what costs a short loop its speed, because it waits for the write of the iteration before.
 *
 * The local is known after a payment, until something else may have paid: a call, or an operation that pays by length.
 * A loop in which nothing else pays keeps it from its first iteration on; where it is not known there yet, it is read
 * once in front of the loop.
 */
import { PAYS_ELSEWHERE } from "./credit-plan.ts";
import type { Operation } from "./read-function.ts";

export interface FuelCache {
  /** Payments in front of these operations may use the local. */
  readonly known: ReadonlySet<number>;
  /** In front of these loops the local is to be read. */
  readonly readBefore: ReadonlySet<number>;
}

interface Frame {
  readonly opcode: string;
  /** Is the local known where the construct was entered? */
  readonly atEntry: boolean;
  /** Is it known on all ways that lead to the construct's end so far? Null: none does. */
  atEnd: boolean | null;
}

/** Of every loop, by its operation: does anything but its own payments pay inside? */
function loopsThatOnlyPay(operations: readonly Operation[]): Set<number> {
  const alone = new Set<number>();
  const open: { at: number; isLoop: boolean; isAlone: boolean }[] = [];
  operations.forEach(({ instruction: { name, immediate } }, i) => {
    if (immediate === "block" || immediate === "catches") {
      // An exception leaves the ways that are followed here.
      open.push({ at: i, isLoop: name === "loop", isAlone: name !== "try" && name !== "try_table" });
    } else if (name === "end" || name === "delegate") {
      const closed = open.pop();
      const around = open[open.length - 1];
      if (closed === undefined) return;
      if (closed.isLoop && closed.isAlone) alone.add(closed.at);
      if (around !== undefined) around.isAlone &&= closed.isAlone;
    } else if (PAYS_ELSEWHERE.has(name)) {
      const around = open[open.length - 1];
      if (around !== undefined) around.isAlone = false;
    }
  });
  return alone;
}

class Follower {
  readonly known = new Set<number>();
  readonly readBefore = new Set<number>();
  readonly #isPaidBefore: (operation: number) => boolean;
  readonly #alone: ReadonlySet<number>;
  readonly #open: Frame[] = [{ opcode: "function", atEntry: false, atEnd: null }];
  /** Null: no way leads here. */
  #isKnown: boolean | null = false;

  constructor(isPaidBefore: (operation: number) => boolean, alone: ReadonlySet<number>) {
    this.#isPaidBefore = isPaidBefore;
    this.#alone = alone;
  }

  #meet(frame: Frame | undefined): void {
    if (frame === undefined || this.#isKnown === null) return;
    frame.atEnd = (frame.atEnd ?? true) && this.#isKnown;
  }

  #branch(depth: number): void {
    const frame = this.#open[this.#open.length - 1 - depth];
    // What a loop starts its next iteration with was decided when it was entered.
    if (frame?.opcode !== "loop") this.#meet(frame);
  }

  #enter(opcode: string): void {
    this.#open.push({ opcode, atEntry: this.#isKnown ?? false, atEnd: null });
  }

  #leave(): void {
    const frame = this.#open.pop();
    this.#meet(frame);
    // An `if` without `else` goes on from its entry as well.
    if (frame?.opcode === "if") frame.atEnd = (frame.atEnd ?? true) && frame.atEntry;
    this.#isKnown = frame?.atEnd ?? null;
  }

  #otherArm(opcode: string, isKnown: (frame: Frame) => boolean): void {
    const frame = this.#open.pop();
    if (frame === undefined) return;
    this.#meet(frame);
    this.#isKnown = isKnown(frame);
    this.#open.push({ ...frame, opcode });
  }

  step({ instruction: { name }, index, labels }: Operation, i: number): void {
    if (this.#isPaidBefore(i)) {
      if (this.#isKnown === true) this.known.add(i);
      if (this.#isKnown !== null) this.#isKnown = true;
    }
    switch (name) {
      case "loop":
        if (this.#alone.has(i)) {
          if (this.#isKnown === false) this.readBefore.add(i);
          if (this.#isKnown !== null) this.#isKnown = true;
        } else if (this.#isKnown !== null) this.#isKnown = false;
        this.#enter("loop");
        return;
      case "block":
      case "if":
      case "try":
      case "try_table":
        this.#enter(name);
        // An exception arrives at its handlers from wherever it was thrown.
        for (const depth of labels) {
          const frame = this.#open[this.#open.length - 2 - depth];
          if (frame !== undefined) frame.atEnd = false;
        }
        return;
      case "else":
        this.#otherArm("else", ({ atEntry }) => atEntry);
        return;
      case "catch":
      case "catch_all":
        this.#otherArm(name, () => false);
        return;
      case "end":
      case "delegate":
        this.#leave();
        return;
      case "br":
        this.#branch(index);
        this.#isKnown = null;
        return;
      case "br_if":
        this.#branch(index);
        return;
      case "br_table":
        for (const depth of labels) this.#branch(depth);
        this.#isKnown = null;
        return;
      case "return":
      case "unreachable":
      case "throw":
      case "throw_ref":
      case "rethrow":
      case "return_call":
      case "return_call_indirect":
        this.#isKnown = null;
        return;
      default:
        if (this.#isKnown !== null && PAYS_ELSEWHERE.has(name)) this.#isKnown = false;
    }
  }
}

/** Follows the local through one function, whose payments are in front of the operations `isPaidBefore` says. */
export function planFuelCache(
  operations: readonly Operation[],
  isPaidBefore: (operation: number) => boolean,
): FuelCache {
  const follower = new Follower(isPaidBefore, loopsThatOnlyPay(operations));
  operations.forEach((operation, i) => follower.step(operation, i));
  return follower;
}
