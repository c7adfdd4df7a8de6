/** A sample spell as it is published and cast: its own manifest, prepared module, schema and limits, in real threads. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRuntime } from "../../server/runtime/create-runtime.ts";
import { checkInputSchema } from "../../server/runtime/input-schema.ts";
import { prepareModule } from "../../server/runtime/prepare/prepare-module.ts";
import type { RunResult } from "../../server/runtime/types.ts";
import { spellManifest, type SpellManifest } from "../../server/services/spells/manifest.ts";
import { asBytes, asText } from "./sandbox.ts";

export interface SampleSpell {
  readonly manifest: SpellManifest;
  /** Casts with a payload, which stands on stdin as compact JSON. */
  cast(payload: unknown): Promise<RunResult>;
  /** Casts with bytes as they are, whatever they say. */
  castBytes(input: Uint8Array): Promise<RunResult>;
  /** The output's text of a cast that has to complete. @throws Error with the log when it does not */
  text(payload: unknown): Promise<string>;
  close(): Promise<void>;
}

const folderOf = (name: string) => new URL(`../../spells/${name}/`, import.meta.url);

/** The module as it lies in the repository. */
export const builtModule = (name: string): Promise<Buffer> =>
  readFile(new URL(`${name}.wasm`, folderOf(name)));

export async function readManifest(name: string): Promise<SpellManifest> {
  return spellManifest.parse(JSON.parse(await readFile(new URL("spell.json", folderOf(name)), "utf8")));
}

const OUTPUT_BYTES = 1_048_576;

export async function openSample(name: string): Promise<SampleSpell> {
  const manifest = await readManifest(name);
  const { limits, input } = manifest;
  const policy = { memoryBytes: limits.memory_bytes, maxModuleBytes: 10_485_760 };
  const { prepared, preparedDigest } = prepareModule(await builtModule(name), policy);
  const module = await WebAssembly.compile(Uint8Array.from(prepared));
  const runtime = createRuntime({ threads: 2, maxQueue: 1_000 });
  const json = JSON.stringify(input.schema);
  if (input.schema !== true) checkInputSchema(input.schema);
  const inputSchema = { digest: createHash("sha256").update(json).digest("hex"), json };
  let runs = 0;

  const castBytes = (bytes: Uint8Array) => {
    runs += 1;
    return runtime.run({
      runId: `${name}-${runs}`,
      module,
      moduleDigest: preparedDigest,
      input: bytes,
      args: [name, ...manifest.args],
      env: manifest.env,
      clockMicros: 1_700_000_000_000_000,
      seed: new Uint8Array(32),
      limits: {
        fuel: limits.fuel,
        memoryBytes: limits.memory_bytes,
        // More than the manifest's, which is for machines that do nothing else at the time.
        wallMs: 10 * limits.wall_ms,
        outputBytes: OUTPUT_BYTES,
        logBytes: 4_096,
      },
      ...(input.schema === true ? {} : { inputSchema }),
      outputContentType: manifest.output.content_type,
    });
  };
  const cast = (payload: unknown) => castBytes(asBytes(JSON.stringify(payload)));
  return {
    manifest,
    cast,
    castBytes,
    text: async (payload) => {
      const result = await cast(payload);
      if (result.ending !== "completed") throw new Error(`${result.ending}: ${asText(result.log)}`);
      return asText(result.output);
    },
    close: () => runtime.close(),
  };
}
