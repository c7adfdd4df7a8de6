/** What the host knows of one run. */
import { Descriptors } from "./descriptors.ts";
import type { DirectoryNode } from "./files.ts";
import type { GuestMemory } from "./guest-memory.ts";
import { createKeystream, type Keystream } from "./keystream.ts";
import type { Streams } from "./streams.ts";
import { createStringTable, type StringTable } from "./string-table.ts";

export interface HostRunOptions {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly clockMicros: number;
  readonly seed: Uint8Array;
  readonly streams: Streams;
  readonly resources: DirectoryNode | null;
  readonly fuelLimit: number;
}

/** Why the host ended the program. */
export type HostEnding =
  | { readonly kind: "exit"; readonly code: number }
  | { readonly kind: "output-limit" }
  /** There was no stack left for the host's own work. */
  | { readonly kind: "stack" }
  /** A mistake of ours. */
  | { readonly kind: "failure"; readonly error: unknown };

export interface HostRun {
  readonly args: StringTable;
  readonly environ: StringTable;
  readonly nowNs: bigint;
  readonly keystream: Keystream;
  readonly streams: Streams;
  readonly fds: Descriptors;
  ending: (HostEnding & { readonly fuelLeft: number }) | null;
}

export function openRun(memory: GuestMemory, options: HostRunOptions): HostRun {
  const pairs = Object.entries(options.env).map(([name, value]) => `${name}=${value}`);
  return {
    args: createStringTable(memory, options.args),
    environ: createStringTable(memory, pairs),
    nowNs: BigInt(options.clockMicros) * 1_000n,
    keystream: createKeystream(options.seed),
    streams: options.streams,
    fds: new Descriptors(options.resources),
    ending: null,
  };
}
