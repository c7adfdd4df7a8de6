import type { Platform } from "../../context.ts";
import type { StartedCast } from "../../db/held-casts.ts";
import { RuntimeBusy, type RunResult } from "../../runtime/types.ts";
import { loadVersion, readModule, type SpellVersion } from "../spells/load-version.ts";
import { settle } from "./settle.ts";

/** What running and settling a cast needs of a process; web processes and workers have it. */
export type Running = Pick<Platform, "db" | "batches" | "runtime" | "modules" | "metrics" | "log"> & {
  readonly config: Pick<Platform["config"], "CAST_OUTPUT_BYTES" | "CAST_LOG_BYTES">;
};

/** A cast whose hold is placed and whose turn has come. */
export type RunnableCast = Omit<StartedCast, "stdin">;

export interface Ran {
  readonly version: SpellVersion;
  readonly run: RunResult;
}

async function runInThread(running: Running, cast: RunnableCast, stdin: Uint8Array): Promise<Ran> {
  const { config, modules, runtime } = running;
  const version = await loadVersion(running, cast.versionId);
  const module = await modules.get(version.preparedDigest, () => readModule(running, version.preparedDigest));
  const run = await runtime.run({
    runId: cast.castId,
    group: cast.accountId,
    module,
    moduleDigest: version.preparedDigest,
    input: stdin,
    args: [version.name, ...version.args],
    env: version.env,
    clockMicros: cast.admittedAtMicros,
    seed: cast.seed,
    limits: {
      fuel: cast.fuelLimit,
      memoryBytes: version.memoryBytes,
      wallMs: version.wallMs,
      outputBytes: config.CAST_OUTPUT_BYTES,
      logBytes: config.CAST_LOG_BYTES,
    },
    ...(version.inputSchema === null ? {} : { inputSchema: version.inputSchema }),
    ...(version.resources === null ? {} : { resources: version.resources }),
    outputContentType: version.contentType,
  });
  return { version, run };
}

/**
 * Runs an admitted cast to its end. When the platform itself fails it, the hold is released at once instead of at
 * its deadline, and the failure goes on to the caller.
 * @throws RuntimeBusy, RuntimeFailed, and what the database says when a version cannot be read
 */
export async function run(running: Running, cast: RunnableCast, stdin: Uint8Array): Promise<Ran> {
  try {
    return await runInThread(running, cast, stdin);
  } catch (error) {
    const release = {
      castId: cast.castId,
      accountId: cast.accountId,
      errorCode: error instanceof RuntimeBusy ? "BUSY" : "INTERRUPTED",
      fuelUsed: null,
      durationMs: 0,
      outputDigest: null,
      log: new Uint8Array(),
      output: null,
      failure: null,
    };
    await settle(running, release).catch((failure: unknown) => {
      running.log.error({ err: failure, castId: cast.castId }, "hold left to the sweeper");
    });
    throw error;
  }
}
