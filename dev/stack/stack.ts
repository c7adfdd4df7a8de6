import type { ProcessId } from "../processes.ts";
import { Unusable } from "./environment.ts";
import { keepRunning, type Kept, type Running } from "./keep-running.ts";
import { recordProcesses } from "./leftovers.ts";
import { removeStackFile } from "./stack-file.ts";

/** What runs, by name. */
export class Stack {
  readonly devDir: string;
  readonly #kept = new Map<string, Kept>();
  readonly #stopping = new AbortController();
  readonly #processes: Record<string, ProcessId> = {};

  constructor(devDir: string) {
    this.devDir = devDir;
  }

  async keep(name: string, start: () => Promise<Running>): Promise<void> {
    this.failIfStopping();
    const kept = await keepRunning(name, start, ({ id }) => {
      this.#processes[name] = id;
      void recordProcesses(this.devDir, this.#processes);
    });
    this.#kept.set(name, kept);
  }

  /** Aborts once somebody wants it to end: steps that wait for something listen to it. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Starting gives up between two steps once somebody wants it to end. @throws Unusable */
  failIfStopping(): void {
    if (this.stopping.aborted) throw new Unusable("Stopped before it was ready.");
  }

  beginStopping(): void {
    this.#stopping.abort();
  }

  /** All programs at once, then what they stand on. */
  async stop(): Promise<void> {
    await removeStackFile(this.devDir);
    const postgres = this.#kept.get("postgres");
    await Promise.all(
      [...this.#kept.values()].filter((kept) => kept !== postgres).map((kept) => kept.stop()),
    );
    await postgres?.stop();
  }
}
