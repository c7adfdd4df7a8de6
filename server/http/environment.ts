/** What Hono carries for one request. */
import type { Context } from "hono";
import type { Actor, Credential } from "../context.ts";
import type { RateCount } from "../db/requests.ts";

export interface HttpEnvironment {
  Variables: {
    requestId: string;
    cspNonce: string;
    /** Set once the request was counted against its account; the RateLimit headers come from it. */
    rate: RateCount;
    credential: Credential;
    actor: Actor;
  };
}

export type HttpContext = Context<HttpEnvironment>;
