/** Who asks: guards in front of the routes. Failures count against the address, successes against the account. */
import { getCookie } from "hono/cookie";
import { createMiddleware } from "hono/factory";
import type { Credential, Platform } from "../context.ts";
import { ForbiddenOrigin, Unauthenticated } from "../errors.ts";
import type { Authenticate } from "../services/identity/authenticate.ts";
import { beginRequest } from "../services/identity/begin-request.ts";
import { countAddress } from "../services/identity/count-address.ts";
import { createSessionFinder, type KnownPerson } from "../services/identity/find-session.ts";
import { noteRate } from "./answer-headers.ts";
import { clientAddress } from "./client-address.ts";
import { SESSION_COOKIE } from "./cookies.ts";
import type { HttpContext, HttpEnvironment } from "./environment.ts";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

export interface Guards {
  /** What a request presents, valid or not: a bearer token before the cookie. */
  readonly presentedToken: (c: HttpContext) => { readonly token: string; readonly isCookie: boolean } | null;
  /** Finds the valid credential of a request, or null; counts nothing. @throws ForbiddenOrigin */
  readonly identify: (c: HttpContext) => Promise<Credential | null>;
  /**
   * The same for pages, with the person and what they may do now: by the cookie of a session only, and no form of another
   * site is taken, signed in or not. @throws ForbiddenOrigin
   */
  readonly identifyPerson: (c: HttpContext) => Promise<KnownPerson | null>;
  /** Counts a request without valid credentials against its address. @throws RateLimited */
  readonly countVisitor: (c: HttpContext) => Promise<void>;
  /** Sets `actor`: for every endpoint that acts for somebody, but casts. */
  readonly actor: ReturnType<typeof createMiddleware<HttpEnvironment>>;
  /** Sets `credential`: for casts, whose admission reads state and counts by itself. */
  readonly credential: ReturnType<typeof createMiddleware<HttpEnvironment>>;
  /** For endpoints open to everybody: counts who is known against the account, others against the address. */
  readonly visitor: ReturnType<typeof createMiddleware<HttpEnvironment>>;
}

function presentedToken(c: HttpContext): { token: string; isCookie: boolean } | null {
  const header = c.req.header("Authorization");
  if (header !== undefined) {
    const token = /^Bearer +([\x21-\x7e]{1,512})$/i.exec(header)?.[1];
    return { token: token ?? "", isCookie: false };
  }
  const cookie = getCookie(c, SESSION_COOKIE);
  return cookie === undefined ? null : { token: cookie, isCookie: true };
}

/** Makes the guards of a process. */
export function createGuards(platform: Platform, authenticate: Authenticate): Guards {
  const { origin } = new URL(platform.config.APP_URL);
  const findSession = createSessionFinder(platform, platform.clock);

  const isWrite = (c: HttpContext) => !SAFE_METHODS.has(c.req.method);

  const identify = async (c: HttpContext): Promise<Credential | null> => {
    const presented = presentedToken(c);
    if (presented === null) return null;
    // A browser sends the cookie with requests that other sites caused; a write must name our own origin.
    if (presented.isCookie && isWrite(c) && c.req.header("Origin") !== origin) throw new ForbiddenOrigin();
    return authenticate(presented.token);
  };

  const identifyPerson = async (c: HttpContext): Promise<KnownPerson | null> => {
    const [cookie, from] = [getCookie(c, SESSION_COOKIE), c.req.header("Origin")];
    // Without a cookie there is nothing to steal; a browser, which sends its origin, is held to it all the same.
    if (isWrite(c) && (cookie !== undefined || from !== undefined) && from !== origin)
      throw new ForbiddenOrigin();
    return cookie === undefined ? null : findSession(cookie);
  };

  const countVisitor = (c: HttpContext) => countAddress(platform, clientAddress(platform.config, c));

  const requireCredential = async (c: HttpContext): Promise<Credential> => {
    const credential = await identify(c);
    if (credential !== null) return credential;
    await countVisitor(c);
    throw new Unauthenticated();
  };

  /** A credential that was valid and no longer is counts against the address like any other wrong one. */
  const begin = async (c: HttpContext, credential: Credential): Promise<void> => {
    try {
      c.set("actor", await beginRequest(platform, credential, (rate) => noteRate(platform.config, c, rate)));
    } catch (error) {
      if (error instanceof Unauthenticated) await countVisitor(c);
      throw error;
    }
  };

  return {
    presentedToken,
    identify,
    identifyPerson,
    countVisitor,
    actor: createMiddleware<HttpEnvironment>(async (c, next) => {
      await begin(c, await requireCredential(c));
      await next();
    }),
    credential: createMiddleware<HttpEnvironment>(async (c, next) => {
      const credential = await requireCredential(c);
      c.set("credential", credential);
      await next();
      // Refused before admission could count it, as for a malformed body: it counts all the same.
      const isCounted = Boolean(c.get("rate"));
      if (c.error instanceof Unauthenticated) await countVisitor(c);
      else if (c.error !== undefined && !isCounted) await begin(c, credential);
    }),
    visitor: createMiddleware<HttpEnvironment>(async (c, next) => {
      const credential = await identify(c);
      if (credential === null) await countVisitor(c);
      else await begin(c, credential);
      await next();
    }),
  };
}
