/** Pages: what Remix is given of a request, and the headers that all pages share. */
import { getCookie } from "hono/cookie";
import { languageDetector } from "hono/language";
import { LANGUAGES, type Actor, type Language, type Platform } from "../context.ts";
import { SPELL_ERROR_CODES, type ErrorName } from "../errors.ts";
import { CATALOG } from "../problems/catalog.ts";
import { describe } from "../problems/describe.ts";
import { beginRequest } from "../services/identity/begin-request.ts";
import type { KnownPerson } from "../services/identity/find-session.ts";
import { readActor } from "../services/identity/read-actor.ts";
import type { ErrorReference, PortalContext, StripeScript } from "../trpc/portal-context.ts";
import { createCaller } from "../trpc/router.ts";
import type { TrpcContext } from "../trpc/context.ts";
import { createCookies, LANGUAGE_COOKIE, SIGN_UP_COOKIE } from "./cookies.ts";
import type { Guards } from "./credentials.ts";
import type { HttpContext } from "./environment.ts";
import { withoutForwarding } from "./forwarding.ts";
import { ownPath } from "./own-path.ts";

/** The built portal: its pages, and the files they load. */
export interface Portal {
  readonly handle: (request: Request, context: PortalContext) => Promise<Response>;
  /** The file a request names, or null. */
  readonly asset: (c: HttpContext) => Promise<Response | null>;
}

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

const detectLanguage = languageDetector({
  supportedLanguages: [...LANGUAGES],
  fallbackLanguage: "en" satisfies Language,
  order: ["cookie", "header"],
  lookupCookie: LANGUAGE_COOKIE,
  caches: false,
});

async function languageOf(c: HttpContext): Promise<Language> {
  // The middleware's own type says nothing of what a context carries.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-argument
  await detectLanguage(c, () => Promise.resolve());
  return c.get("language");
}

/**
 * Pages are free of the account's rate: what they read is read by the state that came with the session, once for a
 * request. What they change counts like any other call, and what is read after a change finds its state anew.
 */
function beginCalls(platform: Platform, person: KnownPerson | null): TrpcContext["begin"] {
  let reading: Promise<Actor> | null = person && Promise.resolve(person.actor);
  return (credential, type) => {
    if (type !== "query") {
      reading = null;
      return beginRequest(platform, credential);
    }
    reading ??= readActor(platform, credential);
    return reading;
  };
}

function stripeScriptOf({
  STRIPE_JS_URL: url,
  STRIPE_PUBLISHABLE_KEY: key,
}: Platform["config"]): StripeScript | null {
  return key === undefined ? null : { url, publishableKey: key };
}

interface Parts {
  readonly platform: Platform;
  readonly guards: Guards;
  readonly portal: Portal;
  /** The OpenAPI document. */
  readonly apiReference: object;
}

/** What is on a page depends on who asks, and in which language; a signed-in person's pages are kept nowhere. */
function forbidSharing(headers: Headers, isSignedIn: boolean): void {
  headers.set("Vary", "Cookie, Accept-Language");
  if (!headers.has("Cache-Control"))
    headers.set("Cache-Control", isSignedIn ? "no-store" : "private, no-cache");
}

/** Serves a page. Pages are free of the address rate; what one does for a visitor counts itself, by `countVisitor`. */
export function createPageServer({ platform, guards, portal, apiReference }: Parts) {
  const cookies = createCookies(platform.config);
  const stripeScript = stripeScriptOf(platform.config);
  return async (c: HttpContext): Promise<Response> => {
    const person = await guards.identifyPerson(c);
    const credential = person && person.actor.credential;
    const requestId = c.get("requestId");
    const countVisitor = () => (credential === null ? guards.countVisitor(c) : Promise.resolve());
    const context: PortalContext = {
      caller: createCaller({
        platform,
        credential,
        requestId,
        countVisitor,
        begin: beginCalls(platform, person),
      }),
      language: await languageOf(c),
      person: person && { login: person.login, isPastDue: person.isPastDue },
      signUpToken: getCookie(c, SIGN_UP_COOKIE) ?? null,
      cookies,
      ownPath,
      describe: (error) =>
        describe(error instanceof Error && error.name === "TRPCError" ? error.cause : error),
      takesCards: platform.stripe !== null,
      stripeScript,
      cspNonce: c.get("cspNonce"),
      requestId,
      reportFailure: (err) => platform.log.error({ err, requestId }, "page failed"),
      apiReference,
      errorReference,
    };
    const response = await portal.handle(withoutForwarding(c.req.raw), context);
    forbidSharing(response.headers, person !== null);
    return response;
  };
}
