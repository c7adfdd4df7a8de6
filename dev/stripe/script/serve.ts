/** The script for pages, and the frames that it puts into them. */
import { fileURLToPath } from "node:url";
import type { HttpBindings } from "@hono/node-server";
import { build } from "esbuild";
import type { Context, Hono } from "hono";
import { html } from "hono/html";
import { cardFields } from "../pages/card-form.ts";
import { show } from "../pages/frame.ts";
import { languageOf, wordingOf } from "../pages/wording.ts";

const SCRIPTS = {
  stripe: "stripe.ts",
  frame: "card-frame.ts",
  authenticated: "authenticated.ts",
} as const;
type Name = keyof typeof SCRIPTS;

const built = new Map<Name, Promise<string>>();

/** Browsers read no TypeScript: each script is built once, when somebody asks for it first. */
function scriptOf(name: Name): Promise<string> {
  const known = built.get(name);
  if (known !== undefined) return known;
  const script = build({
    entryPoints: [fileURLToPath(new URL(SCRIPTS[name], import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    charset: "utf8",
    logLevel: "silent",
  }).then(({ outputFiles }) => outputFiles[0]?.text ?? "");
  built.set(name, script);
  return script;
}

async function give(c: Context, name: Name): Promise<Response> {
  c.header("Content-Type", "text/javascript; charset=utf-8");
  c.header("Cache-Control", "no-cache");
  c.header("X-Content-Type-Options", "nosniff");
  // Pages of other origins load it.
  c.header("Cross-Origin-Resource-Policy", "cross-origin");
  return c.body(await scriptOf(name));
}

function showCard(c: Context) {
  const language = languageOf(c.req.query("locale"), c.req.header("Accept-Language"));
  const content = html`<form>
    ${cardFields(language, null)}
    <p id="problem" class="problem" role="alert"></p>
  </form>`;
  return show(c, {
    language,
    title: wordingOf(language).frame,
    content,
    script: { src: "/v3/frame.js", data: c.req.query("origin") ?? "" },
    isInside: true,
    mayBeFramed: true,
  });
}

export function registerScript(app: Hono<{ Bindings: HttpBindings }>): void {
  for (const path of ["/v3", "/v3/", "/stripe.js"]) app.get(path, (c) => give(c, "stripe"));
  app.get("/v3/frame.js", (c) => give(c, "frame"));
  app.get("/v3/authenticated.js", (c) => give(c, "authenticated"));
  app.get("/v3/card", showCard);
}
