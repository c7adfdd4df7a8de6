/** Composition: builds the real parts of a web process, wires them, and listens. */
import { randomBytes, randomUUID, randomUUIDv7 } from "node:crypto";
import { readFileSync } from "node:fs";
import { serve } from "@hono/node-server";
import type { Config } from "./config.ts";
import type { Clock, Platform } from "./context.ts";
import { checkServer } from "./db/check-server.ts";
import { connect } from "./db/connect.ts";
import { createApp } from "./http/create-app.ts";
import { loadPortal } from "./http/portal.ts";
import { createLogger } from "./logger.ts";
import { createMetrics } from "./metrics.ts";
import { createModuleCache } from "./runtime/compile-module.ts";
import { createRuntime } from "./runtime/create-runtime.ts";
import { keepSweeping } from "./services/casts/keep-sweeping.ts";
import { createAuthenticator } from "./services/identity/authenticate.ts";

export interface WebProcess {
  readonly platform: Platform;
  readonly port: number;
  /** Admits no cast any more, settles and answers what runs, then lets go of everything. */
  drain(): Promise<void>;
}

const REAL_TIME: Clock = { offsetMs: 0 };

function readVersion(): string {
  // package.json is ours and has a version: its absence is a broken build.
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return version;
}

function buildPlatform(config: Config, clock: Clock, drain: AbortSignal): Platform {
  return {
    config,
    db: connect({
      url: config.DATABASE_URL,
      poolSize: config.DATABASE_POOL_SIZE,
      applicationName: "spell-web",
    }),
    clock,
    random: { bytes: (count) => randomBytes(count), id: () => randomUUIDv7() },
    runtime: createRuntime({
      threads: config.CAST_THREADS,
      longThreads: config.CAST_LONG_THREADS,
      maxQueue: config.CAST_QUEUE_LENGTH,
    }),
    modules: createModuleCache({ maxBytes: config.MODULE_CACHE_BYTES }),
    metrics: createMetrics(),
    log: createLogger(config.LOG_LEVEL, "web"),
    bootId: randomUUID(),
    drain,
  };
}

/**
 * Starts serving on the configured port (0: any that is free).
 * @throws UnsafeDatabase, PortalNotBuilt, or the reason why the port cannot be had
 */
export async function startWeb(config: Config, clock: Clock = REAL_TIME): Promise<WebProcess> {
  const leaving = new AbortController();
  const platform = buildPlatform(config, clock, leaving.signal);
  await checkServer(platform.db.sql);
  const app = createApp({
    platform,
    authenticate: createAuthenticator(platform),
    portal: await loadPortal(),
    version: readVersion(),
  });
  const sweeping = keepSweeping(platform);
  const { server, port } = await new Promise<{ server: ReturnType<typeof serve>; port: number }>(
    (resolve, reject) => {
      const listening = serve({ fetch: app.fetch, port: config.PORT }, (address) =>
        resolve({ server: listening, port: address.port }),
      );
      listening.once("error", reject);
    },
  );
  return {
    platform,
    port,
    drain: async () => {
      leaving.abort();
      await new Promise((resolve) => server.close(resolve));
      await sweeping;
      await platform.runtime.close();
      await platform.db.close();
    },
  };
}
