import { expect, test } from "vitest";
import { open } from "../../../tests/support/sandbox.ts";
import { assemble } from "../../../tests/support/wat.ts";
import { planCredit } from "./credit-plan.ts";
import { CREDIT, NAMES } from "./policy.ts";
import { readBodies } from "./read-bodies.ts";
import { readModule } from "./read-module.ts";

/** A generator of numbers in [0, 1) that gives the same ones for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const FUNCTIONS = 3;
const MOST_DEPTH = 7;
const STATEMENTS = 40;
/** Functions entered and iterations begun before a program returns from everywhere. */
const BUDGET = 200;

/** Instructions of `NEXT_CHOICE` and of `choice(...)`. */
const CHOICE_LENGTH = 11;
const NEXT_CHOICE =
  "(global.set $s (i32.add (i32.mul (global.get $s) (i32.const 1103515245)) (i32.const 12345)))";
const choice = (mask: number) => `(i32.and (i32.shr_u (global.get $s) (i32.const 16)) (i32.const ${mask}))`;

/**
 * Writes programs of all kinds of control that count their own instructions: in front of what is executed without a
 * choice stands what adds its number to `$n`, itself included. Instructions that are free by the schedule are not
 * counted. This is all that these programs know of fuel.
 */
class Writer {
  readonly #random: () => number;
  #names = 0;
  #left = STATEMENTS;
  #labels: string[] = [];

  constructor(random: () => number) {
    this.#random = random;
  }

  #pick(below: number): number {
    return Math.floor(this.#random() * below);
  }

  /** Counts itself, some work, and `more` instructions that follow for sure. */
  #count(more = 0): string {
    const work = this.#pick(8) === 0 ? this.#pick(80) : this.#pick(6);
    const all = 4 + work + more;
    return `(global.set $n (i32.add (global.get $n) (i32.const ${all})))${"(drop (i32.const 0))".repeat(work)}`;
  }

  #guard(): string {
    return `${this.#count(8)} (global.set $budget (i32.sub (global.get $budget) (i32.const 1)))
      (if (i32.lt_s (global.get $budget) (i32.const 0)) (then ${this.#count(1)} (return)))`;
  }

  #label(): string | undefined {
    return this.#labels[this.#pick(this.#labels.length)];
  }

  #within(labels: readonly string[], depth: number): string {
    this.#labels.push(...labels);
    const statements = Array.from({ length: 1 + this.#pick(4) }, () => this.#statement(depth + 1));
    this.#labels.length -= labels.length;
    return statements.join("\n");
  }

  #branch(): string {
    const label = this.#label();
    if (label === undefined) return this.#count();
    switch (this.#pick(3)) {
      case 0:
        return `${this.#count(CHOICE_LENGTH + 2)} ${NEXT_CHOICE} (br_if ${label} (i32.eqz ${choice(3)}))`;
      case 1:
        return `${this.#count(1)} (br ${label})`;
      default: {
        const labels = Array.from({ length: 2 + this.#pick(6) }, () => this.#label() ?? label);
        return `${this.#count(CHOICE_LENGTH + 1)} ${NEXT_CHOICE} (br_table ${labels.join(" ")} ${choice(7)})`;
      }
    }
  }

  #construct(depth: number): string {
    this.#names += 1;
    const name = `$l${this.#names}`;
    const inside = () => this.#within([name], depth);
    switch (this.#pick(7)) {
      case 0:
        return `(block ${name} ${inside()})`;
      case 1:
        return `${this.#count(CHOICE_LENGTH + 1)} ${NEXT_CHOICE} (if ${name} ${choice(1)} (then ${inside()})
          ${this.#pick(5) < 3 ? `(else ${inside()})` : ""})`;
      case 2:
      case 3:
        return `(loop ${name} ${this.#guard()} ${inside()} ${this.#count(CHOICE_LENGTH + 1)} ${NEXT_CHOICE} (br_if ${name} ${choice(3)}))`;
      case 4:
        return `(try ${name} (do ${inside()}) ${this.#pick(2) === 0 ? `(catch $e ${inside()})` : ""} (catch_all ${inside()}))`;
      case 5:
        return `(block ${name}o (block ${name} (try_table (catch $e ${name}) (catch_all ${name}o)
          ${this.#within([`${name}o`, name], depth)})) ${this.#within([`${name}o`], depth)})`;
      default:
        return `(try (do (try ${name} (do ${inside()}) (delegate 0))) (catch_all ${this.#within([], depth)}))`;
    }
  }

  #statement(depth: number): string {
    this.#left -= 1;
    if (this.#left < 0 || depth > MOST_DEPTH) return this.#count();
    switch (this.#pick(16)) {
      case 0:
        return `${this.#count(1)} (call $f${this.#pick(FUNCTIONS)})`;
      case 1:
        return `${this.#count(CHOICE_LENGTH + 2)} ${NEXT_CHOICE} (if (i32.eqz ${choice(3)}) (then ${this.#count(1)} (throw $e)))`;
      case 2:
        return this.#pick(3) === 0 ? `${this.#count(1)} (return)` : this.#count();
      case 3: {
        const length = this.#pick(2_000);
        const moved = Math.floor(length / 8);
        return `${this.#count(4 + moved)} (memory.fill (i32.const 8) (i32.const 1) (i32.const ${length}))`;
      }
      case 4:
      case 5:
      case 6:
        return this.#branch();
      case 7:
      case 8:
        return this.#count();
      default:
        return this.#construct(depth);
    }
  }

  body(): string {
    this.#left = STATEMENTS;
    return `${this.#guard()} ${this.#within([], 0)}`;
  }
}

function programOf(seed: number): string {
  const writer = new Writer(randomFrom(seed));
  const functions = Array.from({ length: FUNCTIONS }, (_, i) => `(func $f${i} ${writer.body()})`);
  return `(module (memory 1) (tag $e)
    (global $n (export "n") (mut i32) (i32.const 0)) (global $s (export "s") (mut i32) (i32.const 0))
    (global $budget (export "budget") (mut i32) (i32.const 0))
    ${functions.join("\n")}
    (func (export "go") (param $seed i32)
      (global.set $n (i32.const 0)) (global.set $s (local.get $seed)) (global.set $budget (i32.const ${BUDGET}))
      (try (do (call $f0)) (catch_all))))`;
}

test("what a program pays is never less than what it executes, whatever its control does", () => {
  let [executed, paid, runs] = [0, 0, 0];
  for (let seed = 0; seed < 300; seed += 1) {
    const module = open(programOf(seed));
    const counter = module.exports["n"] as WebAssembly.Global<"i32">;
    for (let choices = 0; choices < 5; choices += 1) {
      const used = module.fuelOf("go", 31 * seed + choices);
      expect(used, `program ${seed}, choices ${choices}`).toBeGreaterThanOrEqual(counter.value);
      [executed, paid, runs] = [executed + counter.value, paid + used, runs + 1];
    }
  }
  // They did something, and all in all they did not pay for much that they did not do.
  expect(executed / runs).toBeGreaterThan(300);
  expect(paid / executed).toBeLessThan(3);
});

/** How many loops of a module pay from a credit of their own. */
function creditsIn(bytes: Uint8Array): number {
  const shape = readModule(bytes);
  const own = { parameters: [], results: [] };
  return readBodies(shape).reduce(
    (sum, { operations }) => sum + planCredit(shape, own, operations).begins.size,
    0,
  );
}

test("a program completes with exactly what it needs and not with less, wherever its loops' credit ends", () => {
  let [runs, begun] = [0, 0];
  for (let seed = 0; seed < 150; seed += 1) {
    const wat = programOf(seed);
    const { exports, fuelOf } = open(wat);
    // Preparation gives every module this global, and `go` takes a number.
    const fuel = exports[NAMES.fuel] as WebAssembly.Global<"i64">;
    const go = exports["go"] as (seed: number) => void;
    begun += creditsIn(assemble(wat));
    const need = fuelOf("go", seed);
    for (let part = 0; part < 40; part += 1) {
      const limit = need + Math.floor((CREDIT * part) / 40);
      fuel.value = BigInt(limit);
      go(seed);
      expect(Number(fuel.value), `program ${seed} with ${limit}`).toBe(limit - need);
      runs += 1;
    }
    for (const limit of [0, Math.floor(need / 3), Math.floor(need / 2), need - 2, need - 1].filter(
      (n) => n >= 0,
    )) {
      fuel.value = BigInt(limit);
      expect(() => {
        go(seed);
      }, `program ${seed} with ${limit}`).toThrow(WebAssembly.RuntimeError);
      expect(Number(fuel.value)).toBeLessThan(0);
    }
  }
  expect(runs).toBeGreaterThan(1_000);
  expect(begun).toBeGreaterThan(100);
});
