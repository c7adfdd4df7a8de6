/** Runs that one thread takes one after the other, as the main thread sees them. */
import { EventEmitter } from "node:events";
import { clockMs, type Claims } from "./claim-board.ts";
import type { Threads } from "./create-threads.ts";
import type { RunEnd, RunTask } from "./messages.ts";
import { RuntimeFailed, type RunResult } from "./types.ts";

/** A run that waits or is under way, and how its caller learns the end. */
export interface Pending {
  readonly group: string;
  readonly task: RunTask;
  readonly resolve: (result: RunResult) => void;
  readonly reject: (error: Error) => void;
  /** How often the thread that was to run it was lost before it started. */
  losses: number;
}

/** A run that has taken this much wall time makes room for others. */
const LONG_MS = 20;
/** One of this much leaves the processor to others. A short one may take so long on a busy machine, and must not be. */
const LOWER_MS = 100;

/** Whoever gave the runs to the bundle. */
export interface Owner {
  /** A run has ended; the bundle has told its caller. */
  ended(run: Pending, result: RunResult): void;
  /** They did not start here and never will, in their order. */
  putBack(runs: readonly Pending[]): void;
  /** Only this group's run is left. */
  leftTo(bundle: Bundle, group: string): void;
  /** A run takes long; false when there is no place for it elsewhere. */
  makeLong(group: string): boolean;
}

export interface BundleOptions {
  readonly claims: Claims;
  readonly runs: readonly Pending[];
  readonly groups: Set<string>;
  readonly isLong: boolean;
}

export class Bundle {
  readonly claims: Claims;
  /** Whose runs have the place; it counts as the first one's. */
  groups: Set<string>;
  isLong: boolean;
  readonly #threads: Threads;
  readonly #owner: Owner;
  readonly #runs: readonly Pending[];
  /** Indexes of runs whose callers still wait for this bundle. */
  readonly #left: Set<number>;
  readonly #killer = new EventEmitter();
  #hasBeenSeen = false;
  #loweredThread: number | null = null;

  constructor(threads: Threads, owner: Owner, { claims, runs, groups, isLong }: BundleOptions) {
    this.#threads = threads;
    this.#owner = owner;
    this.#runs = runs;
    this.claims = claims;
    this.groups = groups;
    this.isLong = isLong;
    this.#left = new Set(runs.keys());
  }

  /** Carries the runs to a thread; resolves, never rejects, when the thread is free or lost. */
  async run(): Promise<void> {
    this.#threads.board.open(this.claims);
    const task = { ...this.claims, runs: this.#runs.map((run) => run.task) };
    try {
      const { threadId, last } = await this.#threads.run(task, this.#killer);
      if (this.#loweredThread !== null) this.#threads.raise(threadId);
      if (this.#left.size > (last === null ? 0 : 1)) await this.#receiveAll(threadId);
      if (last !== null) this.#receive(last);
    } catch (error) {
      this.#lose(error);
    }
  }

  /**
   * To be called every few milliseconds. A bundle that is seen running twice is late: answers that are there go to their
   * callers, and what has not started goes to other threads. The wall clock of the run under way is kept here too.
   */
  look(): void {
    const running = this.#threads.board.running(this.claims);
    const run = running === null ? undefined : this.#runs[running.index];
    if (running === null || run === undefined) return;
    if (!this.#hasBeenSeen) {
      this.#hasBeenSeen = true;
      return;
    }
    if (this.#left.size > 1) this.#makeWayFor(run);
    const tookMs = clockMs() - running.sinceMs;
    if (tookMs >= LONG_MS && !this.isLong) this.isLong = this.#owner.makeLong(run.group);
    if (tookMs >= LOWER_MS) this.#lower();
    if (tookMs >= run.task.limits.wallMs) this.#kill(running.index);
  }

  #makeWayFor(run: Pending): void {
    this.#receiveSent();
    this.#owner.putBack(this.#takeBack());
    this.#owner.leftTo(this, run.group);
  }

  #lower(): void {
    if (this.#loweredThread !== null) return;
    this.#loweredThread = this.#threads.board.threadOf(this.claims);
    if (this.#loweredThread !== null) this.#threads.lower(this.#loweredThread);
  }

  #kill(index: number): void {
    if (!this.#threads.board.kill(this.claims, index)) return;
    this.#receiveSent();
    const durationMs = this.#runs[index]?.task.limits.wallMs ?? 0;
    // The thread is killed, and with it the log; the pool replaces it.
    this.#end(index, { ending: "wall-time", durationMs, log: new Uint8Array() });
    this.#killer.emit("abort");
  }

  /** The runs that have not started, and now will not. */
  #takeBack(): Pending[] {
    const indexes = [...this.#left].filter((index) => this.#threads.board.takeBack(this.claims, index));
    for (const index of indexes) this.#left.delete(index);
    return indexes.flatMap((index) => this.#runs[index] ?? []);
  }

  #lose(error: unknown): void {
    this.#receiveSent();
    const threadId = this.#threads.board.threadOf(this.claims);
    if (threadId !== null) this.#threads.forget(threadId);
    const unstarted = this.#takeBack();
    for (const run of unstarted) run.losses += 1;
    this.#owner.putBack(unstarted);
    for (const index of this.#left) this.#fail(index, "a thread was lost", error);
  }

  async #receiveAll(threadId: number): Promise<void> {
    let ends = this.#threads.takeEnds(threadId);
    while (ends === null) {
      await this.#threads.nextReady();
      ends = this.#threads.takeEnds(threadId);
    }
    for (const end of ends) this.#receive(end);
  }

  /** What the thread has sent ahead until now. */
  #receiveSent(): void {
    const threadId = this.#threads.board.threadOf(this.claims);
    const ends = threadId === null ? null : this.#threads.takeEnds(threadId);
    for (const end of ends ?? []) this.#receive(end);
  }

  #receive(end: RunEnd): void {
    if ("answer" in end) this.#end(end.index, end.answer);
    else this.#fail(end.index, "a run failed in its thread", end.failure);
  }

  #end(index: number, result: RunResult): void {
    const run = this.#runs[index];
    if (run === undefined || !this.#left.delete(index)) return;
    run.resolve(result);
    this.#owner.ended(run, result);
  }

  #fail(index: number, message: string, cause: unknown): void {
    if (this.#left.delete(index)) this.#runs[index]?.reject(new RuntimeFailed(message, { cause }));
  }
}
