/** Programs written in WebAssembly text, prepared, compiled and run in real threads as a cast's would be. */
import { createModuleCache } from "../../server/runtime/compile-module.ts";
import { createRuntime, type RuntimeOptions } from "../../server/runtime/create-runtime.ts";
import { prepareModule } from "../../server/runtime/prepare-module.ts";
import type { RunLimits, RunRequest, RunResult, Runtime } from "../../server/runtime/types.ts";
import { assemble, printing } from "./wat.ts";

export const PAGE = 65_536;

/** What a run is given besides its module; the limits only where they matter. */
export interface RunOptions extends Partial<Omit<RunRequest, "runId" | "module" | "limits" | "input">> {
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
  memoryBytes: 16 * PAGE,
  wallMs: 10_000,
  outputBytes: 1_048_576,
  logBytes: 4_096,
};

export const asBytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const asText = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** i32 values as a program stored them. */
function wordsOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 4 }, (_, i) => view.getInt32(4 * i, true));
}

let runs = 0;

export function createSandbox(options: RuntimeOptions = { threads: 2, maxQueue: 1_000 }): Sandbox {
  const runtime = createRuntime(options);
  const modules = createModuleCache({ maxBytes: 1024 * 1_048_576 });

  const request: Sandbox["request"] = async (module, { input = "", limits: asked, ...rest } = {}) => {
    const limits = { ...LIMITS, ...asked };
    const bytes = typeof module === "string" ? assemble(module) : module;
    const made = await prepareModule(bytes, { memoryBytes: limits.memoryBytes, maxModuleBytes: 1_048_576 });
    runs += 1;
    return {
      runId: `run-${runs}`,
      module: await modules.get(made.preparedDigest, () => Promise.resolve(made.prepared)),
      input: typeof input === "string" ? asBytes(input) : input,
      args: ["test"],
      env: {},
      clockMicros: 1_700_000_000_123_456,
      seed: new Uint8Array(32),
      limits,
      outputContentType: "application/octet-stream",
      ...rest,
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
