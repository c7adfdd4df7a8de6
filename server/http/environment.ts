/** What Hono carries for one request. */
import type { Context } from "hono";
import type { Actor, Credential } from "../context.ts";
import type { Idempotency } from "../db/casts.ts";
import type { RateCount } from "../db/requests.ts";

export interface HttpEnvironment {
  Variables: {
    requestId: string;
    cspNonce: string;
    /** Set once the request was counted against its account; the RateLimit headers come from it. */
    rate: RateCount;
    credential: Credential;
    actor: Actor;
    /** Set where the request carries an `Idempotency-Key`. */
    idempotency: Idempotency | undefined;
  };
}

export type HttpContext = Context<HttpEnvironment>;
