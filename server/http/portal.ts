/** The mount of the built portal: its pages through Remix, its files from disk. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { serveStatic } from "@hono/node-server/serve-static";
import { createRequestHandler, type AppLoadContext, type ServerBuild } from "@remix-run/node";
import type { Next } from "hono";
import type { HttpContext, HttpEnvironment } from "./environment.ts";
import type { Portal } from "./serve-portal.ts";

const build = new URL("../../build/", import.meta.url);
const client = fileURLToPath(new URL("client/", build));
const IMMUTABLE = "public, max-age=31536000, immutable";
const BRIEF = "public, max-age=3600";

/** The portal has not been built; the message says how to. */
export class PortalNotBuilt extends Error {
  override readonly name = "PortalNotBuilt";
}

/** Loads what `remix vite:build` made. @throws PortalNotBuilt */
export async function loadPortal(): Promise<Portal> {
  const entry = new URL("server/index.js", build);
  if (!existsSync(entry)) throw new PortalNotBuilt("The portal is not built: run make build first.");
  // Made by Remix's own compiler, whose output has this type.
  const handler = createRequestHandler((await import(entry.href)) as ServerBuild, "production");
  const files: (c: HttpContext, next: Next) => Promise<unknown> = serveStatic<HttpEnvironment>({
    root: client,
    onFound: (path, c) => c.header("Cache-Control", path.includes("/assets/") ? IMMUTABLE : BRIEF),
  });
  return {
    // Remix passes the context on untouched; our routes know its real type.
    handle: (request, context) => handler(request, context as unknown as AppLoadContext),
    asset: async (c) => {
      if (c.req.path === "/" || (c.req.method !== "GET" && c.req.method !== "HEAD")) return null;
      const found = await files(c, () => Promise.resolve());
      return found instanceof Response ? found : null;
    },
  };
}
