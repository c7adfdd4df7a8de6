/** What a host function is, and what it is given of its host. */
import type { Errno } from "./errno.ts";
import type { GuestMemory } from "./guest-memory.ts";
import type { HostFuel } from "./host-fuel.ts";
import type { HostEnding, HostRun } from "./host-run.ts";
import type { WasiName } from "./signatures.ts";

/** The program gives i32 as numbers and i64 as bigints. Null: nothing is answered, it is over. */
export type HostFunction = (...given: never[]) => Errno | null;
export type HostFunctions = Readonly<Record<WasiName, HostFunction>>;

export interface Host {
  readonly memory: GuestMemory;
  readonly fuel: HostFuel;
  /** The run under way. */
  readonly run: HostRun;
  /** Ends the program, for this reason if it is the first. */
  end(ending: HostEnding): null;
}
