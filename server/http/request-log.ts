/** Around every request: its id, its time by route, and a line in the log. */
import { routePath } from "hono/route";
import { createMiddleware } from "hono/factory";
import type { Platform } from "../context.ts";
import type { HttpEnvironment } from "./environment.ts";

/** A caller's own id is taken when it is harmless in a log; else we make one. */
const SANE_ID = /^[A-Za-z0-9_-]{8,64}$/;

export const requestLog = ({ log, metrics, random }: Pick<Platform, "log" | "metrics" | "random">) => {
  // Five words and numbers, and nothing inside them that could hold a secret: nothing is looked for.
  const lines = log.child({}, { redact: [] });
  return createMiddleware<HttpEnvironment>(async (c, next) => {
    const given = c.req.header("X-Request-Id");
    const requestId = given !== undefined && SANE_ID.test(given) ? given : random.id();
    c.set("requestId", requestId);
    const startedAt = performance.now();
    await next();
    const seconds = (performance.now() - startedAt) / 1_000;
    // The pattern, never the path: a path can hold ids, and has no bound as a label.
    const labels = { method: c.req.method, route: routePath(c, -1), status: String(c.res.status) };
    metrics.httpDuration.observe(labels, seconds);
    lines.info({ requestId, ...labels, ms: Math.round(seconds * 1_000) }, "request");
  });
};
