/** The mount of the built portal: its pages through Remix, its files from disk. */
import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
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

/** The paths under which a folder's files are asked for. Read once: pages need not look for a file at each request. */
const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `/${relative(folder, join(entry.parentPath, entry.name))}`);

/** Loads what `remix vite:build` made. @throws PortalNotBuilt */
export async function loadPortal(): Promise<Portal> {
  const entry = new URL("server/index.js", build);
  if (!existsSync(entry)) throw new PortalNotBuilt("The portal is not built: run make build first.");
  // Made by Remix's own compiler, whose output has this type.
  const handler = createRequestHandler((await import(entry.href)) as ServerBuild, "production");
  const paths = new Set(filesOf(client));
  const serve: (c: HttpContext, next: Next) => Promise<unknown> = serveStatic<HttpEnvironment>({
    root: client,
    // The build leaves a brotli and a gzip of each file beside it.
    precompressed: true,
    onFound: (path, c) => c.header("Cache-Control", path.includes("/assets/") ? IMMUTABLE : BRIEF),
  });
  return {
    // Remix passes the context on untouched; our routes know its real type.
    handle: (request, context) => handler(request, context as unknown as AppLoadContext),
    asset: async (c) => {
      if (!paths.has(c.req.path) || (c.req.method !== "GET" && c.req.method !== "HEAD")) return null;
      const found = await serve(c, () => Promise.resolve());
      return found instanceof Response ? found : null;
    },
  };
}
