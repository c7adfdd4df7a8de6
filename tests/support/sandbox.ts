/** Programs written in WebAssembly text, prepared, compiled and run in real threads as a cast's would be. */
import { createModuleCache } from "../../server/runtime/compile-module.ts";
import { createRuntime, type RuntimeOptions } from "../../server/runtime/create-runtime.ts";
import type { RunAnswer } from "../../server/runtime/messages.ts";
import { NAMES } from "../../server/runtime/prepare/policy.ts";
import {
  prepareModule,
  type PreparedModule,
  type PreparePolicy,
} from "../../server/runtime/prepare/prepare-module.ts";
import { runProgram } from "../../server/runtime/run-program.ts";
import {
  ModuleRefused,
  type RunLimits,
  type RunRequest,
  type RunResult,
  type Runtime,
} from "../../server/runtime/types.ts";
import { assemble, printing } from "./wat.ts";

export const PAGE = 65_536;

/** What a run is given besides its module; the limits only where they matter. */
export interface RunOptions extends Partial<
  Omit<RunRequest, "runId" | "module" | "moduleDigest" | "limits" | "input">
> {
  readonly input?: string | Uint8Array;
  readonly limits?: Partial<RunLimits>;
}

export interface Sandbox {
  readonly runtime: Runtime;
  /** A run that is ready for the runtime. */
  request(module: string | Uint8Array, options?: RunOptions): Promise<RunRequest>;
  run(module: string | Uint8Array, options?: RunOptions): Promise<RunResult>;
  /** The output of a run that has to complete. @throws Error naming the ending when it does not */
  output(module: string | Uint8Array, options?: RunOptions): Promise<Uint8Array>;
  /** The values of i32 expressions, as a program computes them one after the other. */
  values(
    expressions: readonly string[],
    options?: RunOptions & { readonly fields?: string },
  ): Promise<number[]>;
  close(): Promise<void>;
}

export const LIMITS: RunLimits = {
  fuel: 100_000_000_000,
  memoryBytes: 16 * PAGE,
  wallMs: 10_000,
  outputBytes: 1_048_576,
  logBytes: 4_096,
};

export const asBytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const asText = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Prepares a module under the tests' own limits. */
export function prepare(module: string | Uint8Array, policy: Partial<PreparePolicy> = {}): PreparedModule {
  const bytes = typeof module === "string" ? assemble(module) : module;
  return prepareModule(bytes, { memoryBytes: LIMITS.memoryBytes, maxModuleBytes: 16 * 1_048_576, ...policy });
}

/** Why preparation refuses a module, in its own words; null when it does not. @throws whatever is no refusal */
export function refusal(module: string | Uint8Array, policy: Partial<PreparePolicy> = {}): string | null {
  try {
    prepare(module, policy);
    return null;
  } catch (error) {
    if (!(error instanceof ModuleRefused)) throw error;
    return error.message;
  }
}

/** i32 values as a program stored them. */
function wordsOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 4 }, (_, i) => view.getInt32(4 * i, true));
}

let runs = 0;

/** Everything of a run but its module. */
function givenTo({
  input = "",
  limits: asked,
  ...rest
}: RunOptions): Omit<RunRequest, "module" | "moduleDigest"> {
  runs += 1;
  return {
    runId: `run-${runs}`,
    input: typeof input === "string" ? asBytes(input) : input,
    args: ["test"],
    env: {},
    clockMicros: 1_700_000_000_123_456,
    seed: new Uint8Array(32),
    limits: { ...LIMITS, ...asked },
    outputContentType: "application/octet-stream",
    ...rest,
  };
}

const memoryOf = ({ limits }: RunOptions): number => limits?.memoryBytes ?? LIMITS.memoryBytes;

interface Compiled {
  readonly module: WebAssembly.Module;
  readonly moduleDigest: string;
}

const compiledHere = new Map<string | Uint8Array, Map<number, Compiled>>();

/** Prepares and compiles a module once for each cap. */
function compiled(module: string | Uint8Array, memoryBytes: number): Compiled {
  const byMemory = compiledHere.get(module) ?? new Map<number, Compiled>();
  compiledHere.set(module, byMemory);
  const known = byMemory.get(memoryBytes);
  if (known !== undefined) return known;
  const { prepared, preparedDigest } = prepare(module, { memoryBytes });
  const made = { module: new WebAssembly.Module(Uint8Array.from(prepared)), moduleDigest: preparedDigest };
  byMemory.set(memoryBytes, made);
  return made;
}

/** A run in the test's own thread, at once: for what does not depend on the pool. Only fuel can stop it. */
export const runHere = (module: string | Uint8Array, options: RunOptions = {}): RunAnswer =>
  runProgram({ ...compiled(module, memoryOf(options)), ...givenTo(options) });

/** A prepared module whose exports are called one at a time in the test's own thread, with plenty of fuel. */
export interface Opened {
  readonly exports: WebAssembly.Exports;
  call(name: string, ...given: readonly (number | bigint)[]): unknown;
  /** What a call uses, however it ends. */
  fuelOf(name: string, ...given: readonly (number | bigint)[]): number;
}

export function open(module: string | Uint8Array, policy: Partial<PreparePolicy> = {}): Opened {
  const { prepared } = prepare(module, { mustBeCommand: false, ...policy });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(prepared)));
  // Preparation gives every module this global.
  const fuel = exports[NAMES.fuel] as WebAssembly.Global<"i64">;
  const call: Opened["call"] = (name, ...given) => {
    fuel.value = BigInt(LIMITS.fuel);
    // The test names a function of its own module.
    return Reflect.apply(exports[name] as () => unknown, undefined, given) as unknown;
  };
  return {
    exports,
    call,
    fuelOf: (name, ...given) => {
      try {
        call(name, ...given);
      } catch (error) {
        const isEnding = error instanceof WebAssembly.RuntimeError || error instanceof WebAssembly.Exception;
        if (!isEnding) throw error;
      }
      return LIMITS.fuel - Number(fuel.value);
    },
  };
}

export function createSandbox(options: RuntimeOptions = { threads: 2, maxQueue: 1_000 }): Sandbox {
  const runtime = createRuntime(options);
  const modules = createModuleCache({ maxBytes: 1024 * 1_048_576 });

  const request: Sandbox["request"] = async (module, more = {}) => {
    const made = prepare(module, { memoryBytes: memoryOf(more) });
    return {
      module: await modules.get(made.preparedDigest, () => Promise.resolve(made.prepared)),
      moduleDigest: made.preparedDigest,
      ...givenTo(more),
    };
  };
  const run: Sandbox["run"] = async (module, more) => runtime.run(await request(module, more));
  const output: Sandbox["output"] = async (module, more) => {
    const result = await run(module, more);
    if (result.ending !== "completed")
      throw new Error(`ended as ${JSON.stringify({ ...result, log: asText(result.log) })}`);
    return result.output;
  };
  return {
    runtime,
    request,
    run,
    output,
    values: async (expressions, { fields = "", ...more } = {}) =>
      wordsOf(await output(printing(expressions, fields), more)),
    close: () => runtime.close(),
  };
}
