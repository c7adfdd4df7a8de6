import { z } from "zod";
import type { Settings } from "../store/settings.ts";

const probability = z.number().min(0).max(1);

/** How the emulator misbehaves: probabilities of each call or each delivery, from 0 to 1. */
export const misbehaviour = z.strictObject({
  seed: z.number().int().default(1),
  /** A delivery comes twice. */
  duplicate: probability.default(0),
  /** A delivery waits behind later ones. */
  reorder: probability.default(0),
  /** The most that a call or a delivery is delayed. */
  delay_ms: z.number().int().min(0).max(60_000).default(0),
  /** An event is never delivered. */
  drop: probability.default(0),
  /** A call is answered with 500 and nothing was done. */
  fail_500: probability.default(0),
  /** A call does its work, and is answered with 500 or by a cut connection. */
  accept_then_fail: probability.default(0),
  /** A call is answered with 429: one of too many, or one for an object that another call holds. */
  rate_limit: probability.default(0),
  search_lag_seconds: z.number().int().min(0).default(0),
});
export type Misbehaviour = z.output<typeof misbehaviour>;

const NAME = "misbehaviour";

/** Numbers from 0 to 1 that are the same for the same seed. */
export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** Decides what goes wrong. Calls and deliveries draw from two sequences, so that neither disturbs the other. */
export class Mischief {
  readonly #settings: Settings;
  #now: Misbehaviour;
  #ofCalls: () => number;
  #ofDeliveries: () => number;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#now = misbehaviour.parse(settings.read(NAME) ?? {});
    [this.#ofCalls, this.#ofDeliveries] = this.#sequences();
  }

  #sequences(): [() => number, () => number] {
    return [numbersFrom(this.#now.seed), numbersFrom(this.#now.seed ^ 0x5bd1e995)];
  }

  get now(): Misbehaviour {
    return this.#now;
  }

  set(wanted: Misbehaviour): void {
    this.#now = wanted;
    [this.#ofCalls, this.#ofDeliveries] = this.#sequences();
    this.#settings.write(NAME, wanted);
  }

  /** What happens to the next call. Each call draws as many numbers, whatever is switched on. */
  nextCall() {
    const [limit, fail, accept, other, delay] = Array.from({ length: 5 }, this.#ofCalls);
    const { rate_limit, fail_500, accept_then_fail, delay_ms } = this.#now;
    return {
      isLimited: (limit ?? 1) < rate_limit,
      failsBefore: (fail ?? 1) < fail_500,
      failsAfter: (accept ?? 1) < accept_then_fail,
      /** The second kind of an accident that has two: a lock instead of a limit, a cut instead of a 500. */
      isOther: (other ?? 1) < 0.5,
      delayMs: Math.floor((delay ?? 0) * delay_ms),
    };
  }

  /** What happens to the next delivery. */
  nextDelivery() {
    const [drop, twice, late, delay] = Array.from({ length: 4 }, this.#ofDeliveries);
    const { duplicate, reorder, delay_ms } = this.#now;
    return {
      isDropped: (drop ?? 1) < this.#now.drop,
      isDoubled: (twice ?? 1) < duplicate,
      isLate: (late ?? 1) < reorder,
      delayMs: Math.floor((delay ?? 0) * delay_ms),
    };
  }
}
