import type { Settings } from "./store/settings.ts";

const NAME = "clock_offset_ms";

/** The emulator's time: this machine's, moved by as much as somebody asked for. */
export class Clock {
  readonly #settings: Settings;
  #offsetMs: number;
  #fixedMs: number | null = null;

  constructor(settings: Settings) {
    this.#settings = settings;
    const offset = settings.read(NAME);
    this.#offsetMs = typeof offset === "number" ? offset : 0;
  }

  get nowMs(): number {
    return this.#fixedMs ?? Date.now() + this.#offsetMs;
  }

  /** In seconds, as Stripe gives all its times. */
  get nowS(): number {
    return Math.floor(this.nowMs / 1_000);
  }

  moveTo(nowMs: number): void {
    this.#offsetMs = nowMs - Date.now();
    this.#settings.write(NAME, this.#offsetMs);
  }

  /** Does something as of then. */
  at<T>(nowMs: number, work: () => T): T {
    const before = this.#fixedMs;
    this.#fixedMs = nowMs;
    try {
      return work();
    } finally {
      this.#fixedMs = before;
    }
  }
}
