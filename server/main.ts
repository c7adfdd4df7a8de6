/** The web process: builds the real parts, wires them, listens, and drains when it is asked to leave. */
import { randomBytes, randomUUID, randomUUIDv7 } from "node:crypto";
import { readFileSync } from "node:fs";
import { serve } from "@hono/node-server";
import { BadConfiguration, readConfig, type Config } from "./config.ts";
import type { Platform } from "./context.ts";
import { checkServer, UnsafeDatabase } from "./db/check-server.ts";
import { connect } from "./db/connect.ts";
import { createApp } from "./http/create-app.ts";
import { loadPortal } from "./http/portal.ts";
import { createLogger } from "./logger.ts";
import { createMetrics } from "./metrics.ts";
import { createModuleCache } from "./runtime/compile-module.ts";
import { createRuntime } from "./runtime/create-runtime.ts";
import { keepSweeping } from "./services/casts/keep-sweeping.ts";
import { createAuthenticator } from "./services/identity/authenticate.ts";

function readVersion(): string {
  // package.json is ours and has a version: its absence is a broken build.
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return version;
}

function buildPlatform(config: Config, drain: AbortSignal): Platform {
  return {
    config,
    db: connect({
      url: config.DATABASE_URL,
      poolSize: config.DATABASE_POOL_SIZE,
      applicationName: "spell-web",
    }),
    clock: { offsetMs: 0 },
    random: { bytes: (count) => randomBytes(count), id: () => randomUUIDv7() },
    runtime: createRuntime({ threads: config.CAST_THREADS, maxQueue: config.CAST_QUEUE_LENGTH }),
    modules: createModuleCache({ maxBytes: config.MODULE_CACHE_BYTES }),
    metrics: createMetrics(),
    log: createLogger(config.LOG_LEVEL, "web"),
    bootId: randomUUID(),
    drain,
  };
}

/** Resolves when the process is asked to leave: by a signal, or because the parent that started it is gone. */
const askedToLeave = (): Promise<string> =>
  new Promise((resolve) => {
    process.once("SIGTERM", () => resolve("SIGTERM"));
    process.once("SIGINT", () => resolve("SIGINT"));
    process.once("disconnect", () => resolve("disconnect"));
  });

async function main(): Promise<void> {
  const leave = askedToLeave();
  const config = readConfig();
  const leaving = new AbortController();
  const platform = buildPlatform(config, leaving.signal);
  const { db, log, runtime } = platform;
  await checkServer(db.sql);

  const app = createApp({
    platform,
    authenticate: createAuthenticator(platform),
    portal: await loadPortal(),
    version: readVersion(),
  });
  const sweeping = keepSweeping(platform);
  const server = serve({ fetch: app.fetch, port: config.PORT }, ({ port }) => {
    log.info({ port }, "listening");
    process.send?.({ ready: true, port });
  });

  const why = await leave;
  log.info({ why }, "draining");
  // No cast is admitted from here on; what runs is settled and answered before the sockets close.
  leaving.abort();
  setTimeout(() => process.exit(1), config.SHUTDOWN_MS).unref();
  await new Promise((resolve) => server.close(resolve));
  await sweeping;
  await runtime.close();
  await db.close();
  process.exit(0);
}

try {
  await main();
} catch (error) {
  const isOurs = error instanceof BadConfiguration || error instanceof UnsafeDatabase;
  process.stderr.write(`${isOurs ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
  process.exit(1);
}
