/** How a call becomes an answer: its key, what was answered before, the work, and whatever goes wrong on purpose. */
import { setTimeout as pause } from "node:timers/promises";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { HttpBindings } from "@hono/node-server";
import type { Context as HttpContext, Hono } from "hono";
import type { World } from "../world.ts";
import { newId } from "../ids.ts";
import type { Answer } from "./answers.ts";
import { authenticate, refusePages } from "./authenticate.ts";
import { decodeForm } from "./decode-form.ts";
import type { Endpoint } from "./endpoint.ts";
import { Refusal, type ErrorBody } from "./error.ts";
import { expand } from "./expand.ts";
import { ApiVersion } from "../events/api-version.ts";

type Http = HttpContext<{ Bindings: HttpBindings }>;

/** A call as it came. */
interface Request {
  readonly id: string;
  readonly path: string;
  readonly body: string;
  readonly key: string | null;
  readonly isPublishable: boolean;
  readonly objectId: string;
}

const asText = (value: object): string => JSON.stringify(value);
const refusalOf = ({ status, body }: Refusal): Answer => ({ status, body: asText({ error: body }) });
const apiError = (message: string): ErrorBody => ({ type: "api_error", message });

/** Too many calls, and two calls for one object: both may be tried again. */
const LIMITED = new Refusal(429, {
  type: "invalid_request_error",
  code: "rate_limit",
  message: "Request rate limit exceeded.",
});
const LOCKED = new Refusal(429, {
  type: "invalid_request_error",
  code: "lock_timeout",
  message:
    "This object cannot be accessed right now because another API request or Stripe process is currently accessing it.",
});

function give(c: Http, request: Pick<Request, "id" | "key">, { status, body }: Answer): Response {
  c.header("Request-Id", request.id);
  c.header("Stripe-Version", ApiVersion);
  c.header("Content-Type", "application/json");
  c.header("Cache-Control", "no-cache, no-store");
  if (request.key !== null) c.header("Idempotency-Key", request.key);
  // The statuses are those of refusals, and 200.
  return c.body(body, status as 200);
}

/** The work of a call, in one transaction with the answer that its key remembers. */
function work(world: World, endpoint: Endpoint, request: Request): Answer {
  const { expand: paths, ...sent } = decodeForm(request.body);
  const context = world.contextFor({ id: request.id, idempotency_key: request.key });
  const keep = (answer: Answer): Answer => {
    if (request.key !== null) world.answers.keep(request.key, request.path, request.body, answer, request.id);
    return answer;
  };
  const perform = (): Answer => {
    try {
      const call = { id: request.objectId, isPublishable: request.isPublishable };
      const object = endpoint.execute(context, sent, call);
      return keep({ status: 200, body: asText(expand(context, object, paths)) });
    } catch (error) {
      if (error instanceof Refusal && error.keepsWork) return keep(refusalOf(error));
      throw error;
    }
  };
  try {
    return world.transact(perform);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.isValidation ? refusalOf(error) : keep(refusalOf(error));
  }
}

/** Answers with the accident that was drawn for this call, or as it should. */
async function perform(c: Http, world: World, endpoint: Endpoint, request: Request): Promise<Response> {
  const accident = world.mischief.nextCall();
  if (accident.isLimited) return give(c, request, refusalOf(accident.isOther ? LOCKED : LIMITED));
  if (accident.delayMs > 0) await pause(accident.delayMs);
  if (accident.failsBefore)
    return give(c, request, refusalOf(new Refusal(500, apiError("The emulator failed before its work."))));
  const answer = work(world, endpoint, request);
  world.outbox.wake();
  if (!accident.failsAfter || endpoint.method === "GET") return give(c, request, answer);
  if (!accident.isOther)
    return give(c, request, refusalOf(new Refusal(500, apiError("The emulator failed after its work."))));
  c.env.incoming.socket.destroy();
  return RESPONSE_ALREADY_SENT;
}

async function answer(c: Http, world: World, endpoint: Endpoint, request: Request): Promise<Response> {
  if (request.isPublishable && !endpoint.isForPages) refusePages();
  if (request.key === null) return perform(c, world, endpoint, request);
  const replay = world.answers.take(request.key, request.path, request.body);
  if (replay !== null) {
    c.header("Idempotent-Replayed", "true");
    c.header("Original-Request", replay.requestId);
    return give(c, request, replay);
  }
  try {
    return await perform(c, world, endpoint, request);
  } finally {
    world.answers.letGo(request.key);
  }
}

async function serve(c: Http, world: World, endpoint: Endpoint): Promise<Response> {
  const { pathname, search } = new URL(c.req.url);
  // Pages elsewhere ask with the publishable key; the secret one is no page's to have.
  if (endpoint.isForPages) c.header("Access-Control-Allow-Origin", "*");
  const isPost = endpoint.method === "POST";
  const id = newId("req");
  world.calls += 1;
  const key = isPost ? (c.req.header("Idempotency-Key") ?? null) : null;
  try {
    const isPublishable = authenticate(c.req.header("Authorization"), world.keys) === "publishable";
    const body = isPost ? await c.req.text() : search.slice(1);
    const objectId = c.req.param("id") ?? "";
    return await answer(c, world, endpoint, { id, path: pathname, body, key, isPublishable, objectId });
  } catch (error) {
    if (error instanceof Refusal) return give(c, { id, key }, refusalOf(error));
    // The emulator may have ended while this call was waiting: nobody hears the answer.
    if (!world.hasEnded) console.error(error);
    return give(c, { id, key }, refusalOf(new Refusal(500, apiError("The emulator has a fault."))));
  }
}

/** Serves the endpoints, and says of every other address that it is none. */
export function registerEndpoints(
  app: Hono<{ Bindings: HttpBindings }>,
  world: World,
  endpoints: readonly Endpoint[],
): void {
  app.options("/v1/*", (c) => {
    c.header("Access-Control-Allow-Origin", "*");
    c.header("Access-Control-Allow-Methods", "GET, POST");
    c.header("Access-Control-Allow-Headers", "Authorization, Content-Type");
    c.header("Access-Control-Max-Age", "300");
    return c.body(null, 204);
  });
  for (const endpoint of endpoints) app.on(endpoint.method, endpoint.path, (c) => serve(c, world, endpoint));
  app.all("/v1/*", (c) => {
    const message = `Unrecognized request URL (${c.req.method}: ${c.req.path}). Please see https://stripe.com/docs.`;
    const refusal = new Refusal(404, { type: "invalid_request_error", message });
    return give(c, { id: newId("req"), key: null }, refusalOf(refusal));
  });
}
