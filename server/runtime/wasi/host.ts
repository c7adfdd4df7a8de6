/**
 * The host side of one instance: WASI preview 1 without the world. It is bound to an instance once and given a run at a
 * time. No function of it throws into the program, which could catch that: what ends a program is written down, its
 * fuel is driven below zero, and the check behind the call stops it.
 */
import { openRun, type HostEnding, type HostRun, type HostRunOptions } from "./host-run.ts";
import { HostFuel } from "./host-fuel.ts";
import type { Host, HostFunction, HostFunctions } from "./host-function.ts";
import { descriptorFunctions } from "./descriptor-functions.ts";
import { ERRNO } from "./errno.ts";
import { GuestMemory } from "./guest-memory.ts";
import { pathFunctions } from "./path-functions.ts";
import { processFunctions } from "./process-functions.ts";
import type { WasiName } from "./signatures.ts";

const STACK_OVERFLOW = "Maximum call stack size exceeded";

export const isStackOverflow = (error: unknown): boolean =>
  error instanceof RangeError && error.message === STACK_OVERFLOW;

export class WasiHost implements Host {
  readonly memory = new GuestMemory();
  readonly fuel = new HostFuel();
  /** What an instance imports from `wasi_snapshot_preview1`. */
  readonly imports: Readonly<Record<WasiName, (...given: never[]) => number>>;
  #run: HostRun | null = null;

  constructor() {
    const functions: HostFunctions = {
      ...processFunctions(this),
      ...descriptorFunctions(this),
      ...pathFunctions(this),
    };
    const guarded = Object.entries(functions).map(([name, act]) => [name, this.#guard(act)]);
    // The same keys as `functions`, which has every name.
    this.imports = Object.fromEntries(guarded) as WasiHost["imports"];
  }

  /** Every call is paid for before it does anything, and does nothing once something ended the run. */
  #guard(act: HostFunction): (...given: never[]) => number {
    return (...given) => {
      if (this.#run === null || this.#run.ending !== null || !this.fuel.payForCall()) return ERRNO.success;
      try {
        return act(...given) ?? ERRNO.success;
      } catch (error) {
        // Called at the end of the stack, this function itself found no room; anything else is a mistake of ours.
        this.end(isStackOverflow(error) ? { kind: "stack" } : { kind: "failure", error });
        return ERRNO.success;
      }
    };
  }

  /** Binds the instance's memory and fuel. */
  bind(memory: WebAssembly.Memory, fuel: WebAssembly.Global<"i64">): void {
    this.memory.bind(memory);
    this.fuel.bind(fuel);
  }

  begin(options: HostRunOptions): void {
    this.#run = openRun(this.memory, options);
    this.fuel.left = options.fuelLimit;
  }

  /** The run under way; only functions that the guard let through ask. */
  get run(): HostRun {
    if (this.#run === null) throw new Error("no run is under way");
    return this.#run;
  }

  /** Ends the program: the first reason holds, with the fuel that was used by then. */
  end(ending: HostEnding): null {
    this.run.ending ??= { ...ending, fuelLeft: this.fuel.left };
    this.fuel.left = -1;
    return null;
  }

  /** Forgets the run, so that nothing of it can be reached through a kept instance. */
  finish(): void {
    this.#run = null;
  }
}
