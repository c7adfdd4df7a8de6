/**
 * What the main thread and a thread agree on about the runs of a bundle, in memory that both share. A run has one word,
 * and whoever changes it first decides: a thread starts a run or the main thread takes it back, never both; a run that
 * is over its time was killed or it ended, never both.
 */

/** Runs of one bundle. Of more, the message is hardly cheaper for each. */
export const MOST_RUNS = 8;

const WAITING = 0;
const RUNNING = 1;
const ENDED = 2;
const TAKEN_BACK = 3;
const KILLED = 4;
const STATES = 8;
/** Turns are counted up to here, so that a word holds a turn and a state. */
export const MOST_TURNS = 2 ** 27;
/** A place's first word names the thread that has it. */
const WORDS = 1 + MOST_RUNS;

/** One clock for all threads of the process, in milliseconds. */
export const clockMs = (): number => Number(process.hrtime.bigint()) / 1_000_000;

/** A run that its thread has started and not ended. */
export interface Running {
  readonly index: number;
  /** By `clockMs`. */
  readonly sinceMs: number;
}

/** One use of a place: words that an earlier use left behind, or a dying thread still changes, do not count. */
export interface Claims {
  readonly place: number;
  readonly turn: number;
}

export class ClaimBoard {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #startedMs: Float64Array;

  constructor(memory: SharedArrayBuffer) {
    const places = memory.byteLength / (8 + 4 * WORDS);
    this.memory = memory;
    this.#startedMs = new Float64Array(memory, 0, places);
    this.#words = new Int32Array(memory, 8 * places, WORDS * places);
  }

  static ofPlaces(places: number): ClaimBoard {
    return new ClaimBoard(new SharedArrayBuffer((8 + 4 * WORDS) * places));
  }

  #change({ place, turn }: Claims, index: number, from: number, to: number): boolean {
    const expected = turn * STATES + from;
    const at = place * WORDS + 1 + index;
    return Atomics.compareExchange(this.#words, at, expected, turn * STATES + to) === expected;
  }

  /** Main thread: lays out a bundle's runs, before it is sent. */
  open({ place, turn }: Claims): void {
    Atomics.store(this.#words, place * WORDS, 0);
    for (let index = 0; index < MOST_RUNS; index += 1)
      Atomics.store(this.#words, place * WORDS + 1 + index, turn * STATES + WAITING);
  }

  /** Thread: begins a run, and with it its wall clock; false when it was taken back. */
  start(claims: Claims, index: number, threadId: number): boolean {
    this.#startedMs[claims.place] = clockMs();
    Atomics.store(this.#words, claims.place * WORDS, threadId);
    return this.#change(claims, index, WAITING, RUNNING);
  }

  /** Thread: false when the run was killed, and the thread with it. */
  end(claims: Claims, index: number): boolean {
    return this.#change(claims, index, RUNNING, ENDED);
  }

  /** Main thread: true when the run has not started, and now will not. */
  takeBack(claims: Claims, index: number): boolean {
    return this.#change(claims, index, WAITING, TAKEN_BACK);
  }

  /** Main thread: true when the run had not ended, and its thread must be killed. */
  kill(claims: Claims, index: number): boolean {
    return this.#change(claims, index, RUNNING, KILLED);
  }

  /** Main thread: the thread that started a run of the place last; null when none did. */
  threadOf({ place }: Claims): number | null {
    return Atomics.load(this.#words, place * WORDS) || null;
  }

  /** Main thread: the run that is under way, if one is. */
  running({ place, turn }: Claims): Running | null {
    for (let index = 0; index < MOST_RUNS; index += 1) {
      const word = Atomics.load(this.#words, place * WORDS + 1 + index);
      if (word === turn * STATES + RUNNING) return { index, sinceMs: this.#startedMs[place] ?? 0 };
    }
    return null;
  }
}
