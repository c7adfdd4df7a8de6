/**
 * The sandbox's vocabulary: what a run is given and how it can end. Nothing here knows users, money or a database.
 */

/** What bounds one run. Bytes and milliseconds; every field is a hard stop. */
export interface RunLimits {
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

export interface RunRequest {
  readonly runId: string;
  readonly module: WebAssembly.Module;
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
  /** With `application/json` the output must be one JSON text, else `invalid-output`. */
  readonly outputContentType: string;
}

interface Ended {
  /** Wall time inside the thread, milliseconds. */
  readonly durationMs: number;
  /** What the program wrote to stderr, at most `limits.logBytes`. */
  readonly log: Uint8Array;
}

/** How a run ended. Only `completed` carries output. */
export type RunResult =
  | (Ended & { readonly ending: "completed"; readonly output: Uint8Array })
  | (Ended & { readonly ending: "exited"; readonly exitCode: number })
  | (Ended & { readonly ending: "trapped"; readonly trap: string })
  | (Ended & { readonly ending: "stack-exhausted" })
  | (Ended & { readonly ending: "memory-limit" })
  | (Ended & { readonly ending: "output-limit" })
  | (Ended & { readonly ending: "invalid-input"; readonly problems: readonly string[] })
  | (Ended & { readonly ending: "invalid-output" })
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
