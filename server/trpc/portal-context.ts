import type { Language } from "../context.ts";
import type { DeclineCode } from "../billing-errors.ts";
import type { Description } from "../problems/describe.ts";
import type { Caller } from "./router.ts";

export type { DeclineCode, Description, Language };

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

/** The cookies that pages set. */
export interface PortalCookies {
  readonly session: (token: string) => string;
  readonly noSignUp: () => string;
  readonly language: (language: Language) => string;
}

/** Where a browser gets Stripe's script, and the key with which it works. */
export interface StripeScript {
  readonly url: string;
  readonly publishableKey: string;
}

/** What the frame around a signed-in person's pages tells of them. */
export interface PagePerson {
  /** At GitHub. */
  readonly login: string;
  /** An invoice could not be collected; which ones, the caller says. */
  readonly isPastDue: boolean;
}

/** What Remix loaders and actions get as `context`: all they know of the server. */
export interface PortalContext {
  /** Acts for the request's visitor. */
  readonly caller: Caller;
  /** Of the page: the visitor's choice, else what their browser prefers. */
  readonly language: Language;
  /** Whose session's cookie the request came with; null: nobody's, or that of one which is over. */
  readonly person: PagePerson | null;
  /** The token of a sign-up under way, if the browser has one. */
  readonly signUpToken: string | null;
  /** Values of `Set-Cookie`. */
  readonly cookies: PortalCookies;
  /** An own path, with its query, to which a browser may be led; null for everything else. */
  readonly ownPath: (given: string | null) => string | null;
  /** What of an error may be shown, and its facts. */
  readonly describe: (error: unknown) => Description;
  /** Whether cards can be registered here: this deployment has an account at Stripe. */
  readonly takesCards: boolean;
  /** Null where cards are given on Stripe's own page alone. */
  readonly stripeScript: StripeScript | null;
  readonly cspNonce: string;
  readonly requestId: string;
  /** Logs what a page failed with, under the request id. */
  readonly reportFailure: (error: unknown) => void;
  /** The OpenAPI 3.1 document as a JSON object. */
  readonly apiReference: unknown;
  readonly errorReference: readonly ErrorReference[];
}
