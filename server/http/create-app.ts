/** The HTTP surface of a process: everything it listens to, in the order in which it is tried. */
import { OpenAPIHono } from "@hono/zod-openapi";
import { methodNotAllowed } from "hono/method-not-allowed";
import type { Platform } from "../context.ts";
import { MethodNotAllowed, NotFound, ProductError, SPELL_ERROR_CODES, type ErrorName } from "../errors.ts";
import { CATALOG } from "../problems/catalog.ts";
import { registerRest } from "../rest/index.ts";
import type { Authenticate } from "../services/identity/authenticate.ts";
import type { ErrorReference, PortalContext } from "../trpc/portal-context.ts";
import { createCaller } from "../trpc/router.ts";
import { answerHeaders, isForPrograms } from "./answer-headers.ts";
import { createGuards, type Guards } from "./credentials.ts";
import { withoutForwarding } from "./forwarding.ts";
import type { HttpContext, HttpEnvironment } from "./environment.ts";
import { limitBody } from "./limit-body.ts";
import { registerOps } from "./ops.ts";
import { invalidRequest, problemResponse, translate } from "./problem.ts";
import { requestLog } from "./request-log.ts";
import { registerTrpc } from "./trpc.ts";

/** The built portal: its pages, and the files they load. */
export interface Portal {
  readonly handle: (request: Request, context: PortalContext) => Promise<Response>;
  /** The file a request names, or null. */
  readonly asset: (c: HttpContext) => Promise<Response | null>;
}

export interface AppOptions {
  readonly platform: Platform;
  readonly authenticate: Authenticate;
  readonly portal: Portal;
  readonly version: string;
}

/** Room around a payload of the largest size: the other fields of a cast, and JSON's own escapes. */
const BODY_OVERHEAD_BYTES = 16 * 1_024;

/** The errors whose `error_code` is not just their name. */
const ERROR_CODES: Readonly<Record<string, readonly string[]>> = {
  spell_failed: SPELL_ERROR_CODES,
  wall_time_exceeded: ["WALL_TIME"],
} satisfies Partial<Record<ErrorName, readonly string[]>>;

const errorReference: readonly ErrorReference[] = Object.entries(CATALOG).map(([error, kind]) => ({
  error,
  errorCodes: ERROR_CODES[error] ?? [error.toUpperCase()],
  ...kind,
}));

function answerError(platform: Platform, c: HttpContext, thrown: unknown): Response {
  const error = translate(thrown);
  const requestId = c.get("requestId");
  if (!(error instanceof ProductError)) platform.log.error({ err: error, requestId }, "request failed");
  return problemResponse(error, requestId, platform.config.APP_URL);
}

/** Pages are free of the address rate; what one does for a visitor counts itself, by `countVisitor`. */
async function servePortal(
  parts: AppOptions,
  guards: Guards,
  apiReference: object,
  c: HttpContext,
): Promise<Response> {
  const credential = await guards.identifyPerson(c);
  const requestId = c.get("requestId");
  const countVisitor = () => (credential === null ? guards.countVisitor(c) : Promise.resolve());
  const context: PortalContext = {
    caller: createCaller({ platform: parts.platform, credential, requestId, countVisitor }),
    cspNonce: c.get("cspNonce"),
    requestId,
    reportFailure: (err) => parts.platform.log.error({ err, requestId }, "page failed"),
    apiReference,
    errorReference,
  };
  return parts.portal.handle(withoutForwarding(c.req.raw), context);
}

/** Builds the application; nothing listens yet. */
export function createApp(parts: AppOptions): OpenAPIHono<HttpEnvironment> {
  const { platform, authenticate, portal, version } = parts;
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
  const limit = limitBody(config.CAST_PAYLOAD_BYTES + BODY_OVERHEAD_BYTES);
  // The REST endpoints that take a body limit it themselves, after authentication has counted the request.
  app.use((c, next) => (c.req.path.startsWith("/v1/") ? next() : limit(c, next)));

  registerOps(app, platform, version);
  const apiReference = registerRest({ app, platform, guards, limitBody: limit }, version);
  registerTrpc(app, platform, guards);
  // No routes: a GET of everything would count as a method that every address takes.
  app.notFound(async (c) => {
    if (isForPrograms(c)) return answerError(platform, c, new NotFound("route_not_found"));
    return (await portal.asset(c)) ?? servePortal(parts, guards, apiReference, c);
  });
  return app;
}
