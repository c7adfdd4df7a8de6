/** The HTTP surface of a process: everything it listens to, in the order in which it is tried. */
import { OpenAPIHono } from "@hono/zod-openapi";
import { cors } from "hono/cors";
import { methodNotAllowed } from "hono/method-not-allowed";
import type { Platform } from "../context.ts";
import { MethodNotAllowed, NotFound, ProductError } from "../errors.ts";
import { registerRest } from "../rest/index.ts";
import type { Authenticate } from "../services/identity/authenticate.ts";
import type { Github } from "../services/identity/github.ts";
import { registerAdmin } from "./admin.ts";
import { answerHeaders, isForPrograms } from "./answer-headers.ts";
import { registerAuth } from "./auth.ts";
import { createGuards } from "./credentials.ts";
import type { HttpContext, HttpEnvironment } from "./environment.ts";
import { limitBody } from "./limit-body.ts";
import { registerOps } from "./ops.ts";
import { invalidRequest, problemResponse, translate } from "./problem.ts";
import { requestLog } from "./request-log.ts";
import { createPageServer, type Portal } from "./serve-portal.ts";
import { registerTrpc } from "./trpc.ts";
import { registerWebhooks, WEBHOOK_PATHS } from "./webhooks.ts";

export interface AppOptions {
  readonly platform: Platform;
  readonly authenticate: Authenticate;
  /** Null: nobody can sign in. */
  readonly github: Github | null;
  readonly portal: Portal;
  readonly version: string;
}

/** Room around a payload of the largest size: the other fields of a cast, and JSON's own escapes. */
const BODY_OVERHEAD_BYTES = 16 * 1_024;

const allowOrigins = (origins: readonly string[]) =>
  cors({
    origin: [...origins],
    allowMethods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
    allowHeaders: ["Authorization", "Content-Type", "Idempotency-Key", "Prefer", "X-Request-Id"],
    exposeHeaders: [
      "Location",
      "RateLimit-Limit",
      "RateLimit-Remaining",
      "RateLimit-Reset",
      "Retry-After",
      "X-Request-Id",
    ],
    maxAge: 600,
  });

function answerError(platform: Platform, c: HttpContext, thrown: unknown): Response {
  const error = translate(thrown);
  const requestId = c.get("requestId");
  if (!(error instanceof ProductError)) platform.log.error({ err: error, requestId }, "request failed");
  return problemResponse(error, requestId, platform.config.APP_URL);
}

/** Builds the application; nothing listens yet. */
export function createApp(parts: AppOptions): OpenAPIHono<HttpEnvironment> {
  const { platform, authenticate, github, portal, version } = parts;
  const { config } = platform;
  const app = new OpenAPIHono<HttpEnvironment>({
    defaultHook: (result) => {
      if (!result.success) throw invalidRequest(result.error.issues);
    },
  });
  const guards = createGuards(platform, authenticate);

  app.onError((error, c) => answerError(platform, c, error));
  app.use(requestLog(platform));
  app.use(answerHeaders(platform));
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, allowed) => answerError(platform, c, new MethodNotAllowed(allowed)),
    }),
  );
  // Browsers of other sites may call with a key; a cookie is never taken from them.
  if (config.CORS_ORIGINS.length > 0) app.use("/v1/*", allowOrigins(config.CORS_ORIGINS));
  const limit = limitBody(config.CAST_PAYLOAD_BYTES + BODY_OVERHEAD_BYTES);
  // The REST endpoints that take a body limit it themselves, after authentication has counted the request; webhooks too.
  const isLimitedThere = (path: string) => path.startsWith("/v1/") || WEBHOOK_PATHS.includes(path);
  app.use((c, next) => (isLimitedThere(c.req.path) ? next() : limit(c, next)));

  registerOps(app, platform, version);
  registerWebhooks(app, { platform, guards });
  const apiReference = registerRest({ app, platform, guards, limitBody: limit }, version);
  registerTrpc(app, platform, guards);
  registerAdmin(app, { platform, guards });
  registerAuth(app, { platform, guards, github });
  const servePage = createPageServer({ platform, guards, portal, apiReference });
  // No routes: a GET of everything would count as a method that every address takes.
  app.notFound(async (c) => {
    if (isForPrograms(c)) return answerError(platform, c, new NotFound("route_not_found"));
    return (await portal.asset(c)) ?? servePage(c);
  });
  return app;
}
