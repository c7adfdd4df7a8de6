/** The web process: starts, and drains when it is asked to leave. */
import { BadConfiguration, readConfig } from "./config.ts";
import { UnsafeDatabase } from "./db/check-server.ts";
import { PortalNotBuilt } from "./http/portal.ts";
import { startWeb } from "./start-web.ts";

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
  const web = await startWeb(config);
  const { log } = web.platform;
  log.info({ port: web.port }, "listening");
  process.send?.({ ready: true, port: web.port });

  const why = await leave;
  log.info({ why }, "draining");
  setTimeout(() => process.exit(1), config.SHUTDOWN_MS).unref();
  await web.drain();
  process.exit(0);
}

try {
  await main();
} catch (error) {
  const isOurs =
    error instanceof BadConfiguration || error instanceof UnsafeDatabase || error instanceof PortalNotBuilt;
  process.stderr.write(`${isOurs ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
  process.exit(1);
}
