/** Composition: builds the real parts of a web process, wires them, and listens. */
import { readFileSync } from "node:fs";
import { serve } from "@hono/node-server";
import { buildParts, REAL_TIME } from "./build-parts.ts";
import { stripeMode, type Config } from "./config.ts";
import type { Clock, Platform } from "./context.ts";
import { checkServer } from "./db/check-server.ts";
import { checkStripeMode } from "./db/check-stripe-mode.ts";
import { createApp } from "./http/create-app.ts";
import { loadPortal } from "./http/portal.ts";
import { keepSweeping } from "./services/casts/keep-sweeping.ts";
import { createAuthenticator } from "./services/identity/authenticate.ts";
import { createGithub } from "./services/identity/github.ts";

export interface WebProcess {
  readonly platform: Platform;
  readonly port: number;
  /** Admits no cast any more, settles and answers what runs, then lets go of everything. */
  drain(): Promise<void>;
}

function readVersion(): string {
  // package.json is ours and has a version: its absence is a broken build.
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return version;
}

/**
 * Starts serving on the configured port (0: any that is free).
 * @throws UnsafeDatabase, PortalNotBuilt, or the reason why the port cannot be had
 */
export async function startWeb(config: Config, clock: Clock = REAL_TIME): Promise<WebProcess> {
  const leaving = new AbortController();
  const parts = buildParts(config, {
    name: "web",
    databaseUrl: config.DATABASE_URL,
    poolSize: config.DATABASE_POOL_SIZE,
    clock,
  });
  const platform: Platform = { ...parts, config, drain: leaving.signal };
  await checkServer(platform.db.sql);
  await checkStripeMode(platform.db.sql, stripeMode(config));
  const app = createApp({
    platform,
    authenticate: createAuthenticator(platform),
    github: createGithub(config),
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
