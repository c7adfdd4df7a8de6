import type { Credential, Platform } from "../../context.ts";
import { RuntimeBusy, type RunResult } from "../../runtime/types.ts";
import { loadVersion, readModule, type SpellVersion } from "../spells/load-version.ts";
import type { Admitted } from "./admit.ts";
import { settle } from "./settle.ts";

export interface Ran {
  readonly version: SpellVersion;
  readonly run: RunResult;
}

async function runInThread(
  platform: Platform,
  accountId: string,
  admitted: Admitted,
  stdin: Uint8Array,
): Promise<Ran> {
  const { config, modules, runtime } = platform;
  const version = await loadVersion(platform, admitted.versionId);
  const module = await modules.get(version.preparedDigest, () =>
    readModule(platform, version.preparedDigest),
  );
  const run = await runtime.run({
    runId: admitted.castId,
    group: accountId,
    module,
    moduleDigest: version.preparedDigest,
    input: stdin,
    args: [version.name, ...version.args],
    env: version.env,
    clockMicros: admitted.admittedAtMicros,
    seed: admitted.seed,
    limits: {
      fuel: admitted.fuelLimit,
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
 */
export async function run(
  platform: Platform,
  { accountId }: Credential,
  admitted: Admitted,
  stdin: Uint8Array,
): Promise<Ran> {
  try {
    return await runInThread(platform, accountId, admitted, stdin);
  } catch (error) {
    const errorCode = error instanceof RuntimeBusy ? "BUSY" : "INTERRUPTED";
    const release = {
      castId: admitted.castId,
      accountId,
      errorCode,
      fuelUsed: null,
      durationMs: 0,
      output: null,
      log: new Uint8Array(),
    };
    await settle(platform, release).catch((failure: unknown) => {
      platform.log.error({ err: failure, castId: admitted.castId }, "hold left to the sweeper");
    });
    throw error;
  }
}
