/**
 * The sandbox's vocabulary: what a run is given and how it can end. Nothing here knows users, money or a database.
 */
import type { PackagedFile } from "./wasi/files.ts";

/** What bounds one run. Bytes and milliseconds; every field is a hard stop. */
export interface RunLimits {
  /** What the program may use before it is stopped, exactly; counted as docs/sandbox.md says. */
  readonly fuel: number;
  /** Linear memory the module may reach; enforced in the prepared module itself. */
  readonly memoryBytes: number;
  /** Wall time from the thread's report that the run started. */
  readonly wallMs: number;
  /** stdout beyond this ends the run with `output-limit`. */
  readonly outputBytes: number;
  /** stderr beyond this is dropped, never an error. */
  readonly logBytes: number;
}

/** JSON Schema of a spell's input as text, with the digest under which a thread caches its validator. */
export interface InputSchema {
  readonly digest: string;
  readonly json: string;
}

/** Files the program may read, with the digest under which a thread keeps the tree it makes of them. */
export interface Resources {
  readonly digest: string;
  readonly files: readonly PackagedFile[];
}

export interface RunRequest {
  readonly runId: string;
  /** Runs of one group take turns with those of others; a run without one is a group by itself. */
  readonly group?: string;
  /** As preparation made it, and the digest under which a thread keeps an instance of it. */
  readonly module: WebAssembly.Module;
  readonly moduleDigest: string;
  /** stdin, whole. Ownership passes to the runtime. */
  readonly input: Uint8Array;
  /** argv, with the program's own name first. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The one instant every clock shows, in microseconds since the Unix epoch. */
  readonly clockMicros: number;
  /** 32 bytes; `random_get` is a keystream of it. */
  readonly seed: Uint8Array;
  readonly limits: RunLimits;
  /** Applied to the input in the thread before the program starts. */
  readonly inputSchema?: InputSchema;
  readonly resources?: Resources;
  /** With `application/json` the output must be one JSON text, else `invalid-output`. */
  readonly outputContentType: string;
}

interface Ended {
  /** Wall time inside the thread, milliseconds. */
  readonly durationMs: number;
  /** What the program wrote to stderr, at most `limits.logBytes`. */
  readonly log: Uint8Array;
}

interface Metered extends Ended {
  /** Never more than the limit; the same wherever the same module runs on the same input, seed and instant. */
  readonly fuelUsed: number;
}

/** How a run ended. Only `completed` carries output. */
export type RunResult =
  | (Metered & { readonly ending: "completed"; readonly output: Uint8Array })
  | (Metered & { readonly ending: "exited"; readonly exitCode: number })
  | (Metered & { readonly ending: "trapped"; readonly trap: string })
  /** Uses exactly the limit. */
  | (Metered & { readonly ending: "out-of-fuel" })
  | (Metered & { readonly ending: "stack-exhausted" })
  /** The memory's cap refused a growth, and then the program failed. */
  | (Metered & { readonly ending: "memory-limit" })
  | (Metered & { readonly ending: "output-limit" })
  | (Metered & { readonly ending: "invalid-input"; readonly problems: readonly string[] })
  | (Metered & { readonly ending: "invalid-output" })
  /** The thread was killed, and what it had used went with it. */
  | (Ended & { readonly ending: "wall-time" });

/** The pool of threads that runs modules. */
export interface Runtime {
  /**
   * Runs one program to its end in a worker thread.
   * @throws RuntimeBusy when the queue is full; RuntimeFailed when a thread was lost without the program's doing.
   */
  run(request: RunRequest): Promise<RunResult>;
  /** Runs waiting for a thread now. */
  readonly queueDepth: number;
  /** Ends every thread; running programs are lost. */
  close(): Promise<void>;
}

export class RuntimeBusy extends Error {
  override readonly name = "RuntimeBusy";
}

export class RuntimeFailed extends Error {
  override readonly name = "RuntimeFailed";
}

/** A module that cannot become a spell; `message` says why in a maker's words. */
export class ModuleRefused extends Error {
  override readonly name = "ModuleRefused";
}
