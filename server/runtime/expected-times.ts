import { LRUCache } from "lru-cache";
import type { RunTask } from "./messages.ts";

const REMEMBERED_MODULES = 10_000;
/** A larger input takes its time before it is in the thread. */
const MOST_INPUT_BYTES = 65_536;

/** A processor that others need makes any run long now and then. */
const GROWTH = 2;
const LEAST_GROWTH_MS = 0.1;

/** How long runs will take: as long as the last of the same module did, but not at once much longer than before. */
export class ExpectedTimes {
  readonly #lastMs = new LRUCache<string, number>({ max: REMEMBERED_MODULES });

  /** Milliseconds in the thread; without end when nothing is known. */
  of({ moduleDigest, input }: RunTask): number {
    return input.length > MOST_INPUT_BYTES ? Infinity : (this.#lastMs.get(moduleDigest) ?? Infinity);
  }

  learn({ moduleDigest }: RunTask, tookMs: number): void {
    const most = GROWTH * (this.#lastMs.get(moduleDigest) ?? Infinity) + LEAST_GROWTH_MS;
    this.#lastMs.set(moduleDigest, Math.min(tookMs, most));
  }
}
