import type { Caller } from "./router.ts";

/** One entry of the error pages that `type` in a problem points to. */
export interface ErrorReference {
  readonly error: string;
  /** Its `error_code`; more than one where that says what happened more closely. */
  readonly errorCodes: readonly string[];
  readonly status: number;
  readonly title: string;
  readonly category: string;
  readonly explanation: string;
  readonly remedy: string;
}

/** What Remix loaders and actions get as `context`: all they know of the server. */
export interface PortalContext {
  /** Acts for the request's visitor. */
  readonly caller: Caller;
  readonly cspNonce: string;
  readonly requestId: string;
  /** Logs what a page failed with, under the request id. */
  readonly reportFailure: (error: unknown) => void;
  /** The OpenAPI 3.1 document as a JSON object. */
  readonly apiReference: unknown;
  readonly errorReference: readonly ErrorReference[];
}
