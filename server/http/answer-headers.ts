/**
 * The headers that every answer carries, whatever it says. They are gathered in a plain object while the request is
 * worked on: an answer that is made with that object goes to the socket as it is, whereas headers set on a finished
 * `Response` are each parsed, copied and sorted.
 */
import { createMiddleware } from "hono/factory";
import type { TypedResponse } from "hono";
import type { JSONParsed } from "hono/utils/types";
import type { Config } from "../config.ts";
import type { Platform } from "../context.ts";
import type { RateCount } from "../db/requests.ts";
import type { HttpContext, HttpEnvironment } from "./environment.ts";
import { securityHeaders } from "./security-headers.ts";

/** Where answers are for programs: an unknown address below these is a problem, not a page. */
const API_PATH = /^\/(?:v1|trpc|mcp|auth|admin|webhooks|healthz|readyz|metrics)(?:\/|$)/;

export const isForPrograms = (c: HttpContext): boolean => API_PATH.test(c.req.path);

/** Notes that the request was counted against its account: its answer says so. */
export function noteRate({ RATE_LIMIT_USER_RPM: limit }: Config, c: HttpContext, rate: RateCount): void {
  c.set("rate", rate);
  const headers = c.get("answerHeaders");
  headers["RateLimit-Limit"] = String(limit);
  headers["RateLimit-Remaining"] = String(rate.remaining);
  headers["RateLimit-Reset"] = String(Math.max(Math.ceil(rate.resetMs / 1_000), 0));
}

/** What Hono's own `c.json` gives back. */
type JsonAnswer<Body> = Response & TypedResponse<JSONParsed<Body>, 200, "json">;

/** What `c.json` does, with all headers at once: for the endpoint that is called most. */
export function answerJson<Body extends object>(c: HttpContext, body: Body): JsonAnswer<Body> {
  const headers = { ...c.get("answerHeaders"), "Content-Type": "application/json" };
  const response = new Response(JSON.stringify(body), { headers });
  c.set("completeAnswer", response);
  // What the type adds stands nowhere but in types: that this body was answered, with this status.
  return response as JsonAnswer<Body>;
}

type Parts = Pick<Platform, "config" | "drain" | "random">;

/** Begins each request's headers, and sets them on its answer unless that was made with them. */
export function answerHeaders({ config, drain, random }: Parts) {
  const security = securityHeaders(config);
  const begin = (c: HttpContext) => {
    if (isForPrograms(c)) return { ...security.forPrograms, "X-Request-Id": c.get("requestId") };
    const nonce = Buffer.from(random.bytes(16)).toString("base64");
    c.set("cspNonce", nonce);
    return { ...security.forPages(nonce), "X-Request-Id": c.get("requestId") };
  };
  return createMiddleware<HttpEnvironment>(async (c, next) => {
    c.set("answerHeaders", begin(c));
    await next();
    const isComplete = c.res === c.get("completeAnswer");
    // While the process leaves, no connection is kept for another request: the server closes when the last one does.
    if (drain.aborted) c.res.headers.set("Connection", "close");
    if (isComplete) return;
    // On the response that is there: Hono's own `c.header` would make a new one of it.
    for (const [name, value] of Object.entries(c.get("answerHeaders"))) c.res.headers.set(name, value);
  });
}
