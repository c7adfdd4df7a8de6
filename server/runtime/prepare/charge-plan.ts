/**
 * Where a function pays for its instructions, and how much.
 *
 * Code is cut into regions, each paid for where it is entered: the function, every loop (at its header, once for each
 * iteration), every handler of exceptions, and every arm whose longest way is over `LONG_ARM`. A region costs its
 * longest way, with the regions inside it left out, since these pay for themselves. An arm is what follows a place
 * where control parts or meets: `if`, `else`, `br_if`, the `end` of a block. So what is paid is never less than what is
 * executed; a sum over arms instead of the longest would charge an interpreter for all of its instructions at each.
 *
 * One pass from the last instruction to the first: what is known of a place is the longest way from it to the end of
 * its construct, and to every label that can be reached from it.
 */
import { ModuleRefused } from "../types.ts";
import type { Operation } from "./read-function.ts";
import { BOUNDS } from "./policy.ts";

/** Fuel to pay in front of the operation with this number. */
export type ChargePlan = ReadonlyMap<number, number>;

const NEVER = -Infinity;
/** Shorter arms are paid for by the region around them: a check costs about as much as this many instructions. */
const LONG_ARM = 40;

/** Ways from one place onwards. Each is used once: what makes others of them changes them. */
interface Ways {
  /** The longest. */
  longest: number;
  /** The longest that goes on behind the construct, or NEVER. */
  through: number;
  /** The longest to each label that is reached, by the number of its construct, each longer by `base` than is written. */
  readonly leaving: Map<number, number>;
  base: number;
}

/** A construct around the place where the pass is. */
interface Construct {
  /** Ways from the place to the end of the arm it is in. */
  ways: Ways;
  /** Weight of the plain instructions in front of `ways`, not yet added to it. */
  lead: number;
  /** The arm of an `else`, and what handlers of a `try` do, once passed. */
  other: Ways | null;
  handlers: Ways | null;
}

const goOn = (): Ways => ({ longest: 0, through: 0, leaving: new Map(), base: 0 });
const goNowhere = (longest: number): Ways => ({ longest, through: NEVER, leaving: new Map(), base: 0 });
const goTo = (labels: readonly number[], weight: number): Ways => ({
  ...goNowhere(weight),
  leaving: new Map(labels.map((label) => [label, weight])),
});

/** Ways that start `weight` earlier. */
function later(ways: Ways, weight: number): Ways {
  ways.longest += weight;
  ways.through += weight;
  ways.base += weight;
  return ways;
}

/** What a region is to the code around it: it pays for itself, wherever it leads. */
function paid({ through, leaving }: Ways): Ways {
  return { ...goTo([...leaving.keys()], 0), through: through === NEVER ? NEVER : 0 };
}

/** One of two ways. The one of fewer labels goes into the other, so that many branches out of many blocks stay cheap. */
function either(a: Ways, b: Ways): Ways {
  const [into, from] = a.leaving.size < b.leaving.size ? [b, a] : [a, b];
  for (const [label, way] of from.leaving) {
    const written = way + from.base - into.base;
    into.leaving.set(label, Math.max(into.leaving.get(label) ?? NEVER, written));
  }
  into.longest = Math.max(a.longest, b.longest);
  into.through = Math.max(a.through, b.through);
  return into;
}

/** First one, then, where that goes through, the other. */
function then(first: Ways, next: Ways): Ways {
  const { through } = first;
  if (through === NEVER) return first;
  first.through = NEVER;
  return either(first, later(next, through));
}

/** A construct's inside as its surroundings see it: its own label leads to its end. */
function closed(inside: Ways, label: number): Ways {
  const written = inside.leaving.get(label);
  if (written === undefined) return inside;
  inside.leaving.delete(label);
  inside.through = Math.max(inside.through, written + inside.base);
  return inside;
}

class Planner {
  readonly #operations: readonly Operation[];
  readonly #charges = new Map<number, number>();
  readonly #open: Construct[] = [];

  constructor(operations: readonly Operation[]) {
    this.#operations = operations;
  }

  plan(): ChargePlan {
    for (let i = this.#operations.length - 1; i >= 0; i -= 1) this.#step(i);
    return this.#charges;
  }

  get #inner(): Construct {
    const construct = this.#open[this.#open.length - 1];
    if (construct === undefined)
      throw new ModuleRefused("has a function that does not end where its blocks do");
    return construct;
  }

  #enter(): void {
    if (this.#open.length >= BOUNDS.nesting) {
      throw new ModuleRefused(`nests blocks more than ${BOUNDS.nesting} deep`);
    }
    this.#open.push({ ways: goOn(), lead: 0, other: null, handlers: null });
  }

  #leave(): Construct {
    const construct = this.#inner;
    this.#open.pop();
    return construct;
  }

  /** The ways from the operation behind `i`, with what stands there paid for when it must or should. */
  #arm(construct: Construct, i: number, mustPay: boolean): Ways {
    const ways = later(construct.ways, construct.lead);
    construct.lead = 0;
    if (!mustPay && ways.longest <= LONG_ARM) return ways;
    this.#charges.set(i + 1, (this.#charges.get(i + 1) ?? 0) + Math.max(ways.longest, 1));
    return paid(ways);
  }

  /** The construct that a label names from inside `depth` open ones. */
  #labelled(depth: number): number {
    return this.#open.length - 1 - depth;
  }

  /** Puts a construct that was passed whole in front of the ways behind it. */
  #compose(whole: Ways, behind: Ways): void {
    this.#inner.ways = then(whole, behind);
  }

  #branch(weight: number, depths: readonly number[], behind: Ways): void {
    const labels = depths.map((depth) => this.#labelled(depth));
    this.#inner.ways = either(goTo(labels, weight), later(behind, weight));
  }

  #step(i: number): void {
    const operation = this.#operations[i];
    if (operation === undefined) return;
    const { instruction, index, labels } = operation;
    const { weight, name } = instruction;
    switch (name) {
      case "end":
        // What stands behind the end is an arm of the construct around; the function's own has none.
        if (this.#open.length > 0) this.#inner.ways = this.#arm(this.#inner, i, false);
        this.#enter();
        return;
      case "delegate":
        this.#inner.ways = this.#arm(this.#inner, i, false);
        this.#enter();
        return;
      case "else": {
        const construct = this.#inner;
        construct.other = this.#arm(construct, i, false);
        construct.ways = goOn();
        return;
      }
      case "catch":
      case "catch_all": {
        const construct = this.#inner;
        const handler = this.#arm(construct, i, true);
        construct.handlers = construct.handlers === null ? handler : either(construct.handlers, handler);
        construct.ways = goOn();
        return;
      }
      case "if": {
        const label = this.#open.length - 1;
        const construct = this.#leave();
        const taken = this.#arm(construct, i, false);
        const whole = closed(later(either(taken, construct.other ?? goOn()), weight), label);
        this.#compose(whole, this.#inner.ways);
        return;
      }
      case "loop": {
        const label = this.#open.length - 1;
        const construct = this.#leave();
        const whole = this.#arm(construct, i, true);
        whole.leaving.delete(label);
        this.#compose(whole, this.#inner.ways);
        return;
      }
      case "block":
      case "try":
      case "try_table": {
        const label = this.#open.length - 1;
        const construct = this.#leave();
        let inside = later(construct.ways, construct.lead);
        // An exception may come from anywhere inside: at most the longest way was gone by then.
        if (construct.handlers !== null) inside = either(inside, later(construct.handlers, inside.longest));
        for (const depth of labels) {
          // Handlers name labels outside of the try_table, counted from there.
          inside = either(inside, goTo([this.#labelled(depth)], inside.longest));
        }
        this.#compose(closed(inside, label), this.#inner.ways);
        return;
      }
      case "br":
        this.#inner.lead = 0;
        this.#branch(weight, [index], goNowhere(0));
        return;
      case "br_table":
        this.#inner.lead = 0;
        this.#branch(weight, labels, goNowhere(0));
        return;
      case "br_if":
        this.#branch(weight, [index], this.#arm(this.#inner, i, false));
        return;
      case "return":
      case "unreachable":
      case "throw":
      case "throw_ref":
      case "rethrow":
      case "return_call":
      case "return_call_indirect":
        this.#inner.lead = 0;
        this.#inner.ways = goNowhere(weight);
        return;
      default:
        this.#inner.lead += weight;
    }
  }

  /** The function's own region; it stands open when the first operation has been passed. */
  payAtEntry(): void {
    this.#arm(this.#leave(), -1, true);
  }
}

/** Plans the charges of one function from its operations, the last of which is its `end`. */
export function planCharges(operations: readonly Operation[]): ChargePlan {
  const planner = new Planner(operations);
  const charges = planner.plan();
  planner.payAtEntry();
  return charges;
}
