import { DAY_MS, midnightAfter, TICK_MS } from "./terms.ts";

/** A step that would begin just before midnight begins after it. */
const MARGIN_MS = 4_000;
const START = Date.UTC(2031, 0, 29, 22, 0, 0, 500);

/**
 * The simulated time. It stands at a planned instant when a step begins, however long the one before took, and runs with
 * the database's clock during the step.
 */
export class Clock {
  offsetMs = 0;
  #planned = START;

  /** The instant at which the step began. */
  get planned(): number {
    return this.#planned;
  }

  constructor() {
    this.tick();
  }

  get now(): number {
    return Date.now() + this.offsetMs;
  }

  /** Begins the next step, `ticks` later. */
  tick(ticks = 1): void {
    this.#planned += ticks * TICK_MS;
    if (midnightAfter(this.#planned) - this.#planned < MARGIN_MS) this.#planned += TICK_MS;
    this.#standAt(this.#planned);
  }

  /** Jumps over the next midnight, or that of the month's end. */
  passMidnight(isMonthEnd: boolean): void {
    const date = new Date(this.#planned);
    const nextMonth = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
    const midnight = isMonthEnd ? nextMonth : midnightAfter(this.#planned);
    this.tick(Math.ceil((midnight - this.#planned + MARGIN_MS) / TICK_MS));
  }

  /** Stands so shortly before midnight that it passes while the step lasts. Returns that midnight. */
  standBeforeMidnight(byMs: number): number {
    const midnight = midnightAfter(this.#planned);
    this.#standAt(midnight - byMs);
    this.#planned += Math.ceil((midnight - this.#planned + MARGIN_MS) / TICK_MS) * TICK_MS;
    return midnight;
  }

  passDays(days: number): void {
    this.tick(Math.ceil((days * DAY_MS) / TICK_MS));
  }

  #standAt(planned: number): void {
    this.offsetMs = planned - Date.now();
  }
}
