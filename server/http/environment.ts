/** What Hono carries for one request. */
import type { Context } from "hono";
import type { Actor, Credential, Language } from "../context.ts";
import type { Idempotency } from "../db/casts.ts";
import type { RateCount } from "../db/requests.ts";
import type { HeaderRecord } from "./security-headers.ts";

export interface HttpEnvironment {
  Variables: {
    requestId: string;
    /** Set for pages. */
    cspNonce: string;
    language: Language;
    /** What the answer will carry beside its own headers. */
    answerHeaders: HeaderRecord;
    /** The answer that was made with `answerHeaders`, if it was. */
    completeAnswer: Response | undefined;
    /** Set by `noteRate`, once the request was counted against its account. */
    rate: RateCount;
    credential: Credential;
    actor: Actor;
    /** Set where the request carries an `Idempotency-Key`. */
    idempotency: Idempotency | undefined;
  };
}

export type HttpContext = Context<HttpEnvironment>;
