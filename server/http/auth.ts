/** Signing in with GitHub, and out. Whatever goes wrong on the way leads back to /login, which says what. */
import { timingSafeEqual } from "node:crypto";
import { getCookie } from "hono/cookie";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Platform } from "../context.ts";
import { RateLimited } from "../errors.ts";
import type { Github } from "../services/identity/github.ts";
import { signIn } from "../services/identity/sign-in.ts";
import { signOut } from "../services/identity/sign-out.ts";
import { getPerson } from "../services/people/get.ts";
import { createCookies, OAUTH_COOKIE, SESSION_COOKIE, type Cookies } from "./cookies.ts";
import type { Guards } from "./credentials.ts";
import type { HttpContext, HttpEnvironment } from "./environment.ts";
import { ownPath } from "./own-path.ts";

/** Why a sign-in came to nothing, in the address of /login. */
type SignInProblem = "unconfigured" | "declined" | "state" | "github" | "email" | "rate";

interface Parts {
  readonly platform: Platform;
  readonly guards: Guards;
  /** Null: nobody can sign in. */
  readonly github: Github | null;
}

const NEXT = "/dashboard";

const isSame = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** Sends the browser on. `Response.redirect` would take no headers. */
function leadTo(c: HttpContext, location: string, ...cookies: readonly string[]): Response {
  for (const cookie of cookies) c.header("Set-Cookie", cookie, { append: true });
  c.header("Cache-Control", "no-store");
  return c.redirect(location, 302);
}

function backToLogin(c: HttpContext, problem: SignInProblem, next: string | null, ...cookies: string[]) {
  const query = new URLSearchParams({ problem, ...(next === null || next === NEXT ? {} : { next }) });
  return leadTo(c, `/login?${query.toString()}`, ...cookies);
}

/** What the browser was given when the sign-in began. */
function readAttempt(c: HttpContext) {
  const [state, verifier, next] = (getCookie(c, OAUTH_COOKIE) ?? "").split(" ");
  if (state === undefined || verifier === undefined || state === "" || verifier === "") return null;
  return { state, verifier, next: ownPath(next) };
}

async function finish({ platform, github }: Parts, cookies: Cookies, c: HttpContext): Promise<Response> {
  const attempt = readAttempt(c);
  const next = attempt?.next ?? null;
  // A sign-in's cookie is good for one answer of GitHub, whatever that is.
  const back = (problem: SignInProblem) => backToLogin(c, problem, next, cookies.noOauth());
  const { code, state = "", error } = c.req.query();
  if (github === null) return back("unconfigured");
  if (attempt === null || !isSame(attempt.state, state)) return back("state");
  if (error !== undefined) return back(error === "access_denied" ? "declined" : "github");
  if (code === undefined || code === "") return back("state");

  const proof = await github.prove(code, attempt.verifier);
  if (proof.kind !== "proved") {
    // The cause's own text only: what else an error of a request holds may be a secret.
    platform.log.warn({ kind: proof.kind, why: String(proof.cause) }, "sign-in failed");
    return back(proof.kind === "refused" ? "state" : proof.kind === "no-email" ? "email" : "github");
  }
  const signedIn = await signIn(platform, proof.profile, c.req.header("User-Agent") ?? null);
  await signOut(platform, getCookie(c, SESSION_COOKIE) ?? "");
  return signedIn.kind === "known"
    ? leadTo(c, next ?? NEXT, cookies.noOauth(), cookies.session(signedIn.token))
    : leadTo(c, "/welcome", cookies.noOauth(), cookies.noSession(), cookies.signUp(signedIn.token));
}

/** A browser that asked too often is shown a page that says so; a program gets the problem. */
async function orLogin(c: HttpContext, work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RateLimited) || !(c.req.header("Accept") ?? "").includes("text/html")) throw error;
    return backToLogin(c, "rate", ownPath(c.req.query("next")));
  }
}

/** Registers /auth. */
export function registerAuth(app: OpenAPIHono<HttpEnvironment>, parts: Parts): void {
  const { platform, guards, github } = parts;
  const cookies = createCookies(platform.config);

  app.get("/auth/github", (c) =>
    orLogin(c, async () => {
      const next = ownPath(c.req.query("next")) ?? NEXT;
      await guards.countVisitor(c);
      if (github === null) return backToLogin(c, "unconfigured", next);
      const { url, state, verifier } = await github.begin();
      return leadTo(c, url, cookies.oauth(`${state} ${verifier} ${next}`));
    }),
  );

  for (const path of ["/auth/github/callback", "/auth/callback"]) {
    app.get(path, (c) =>
      orLogin(c, async () => {
        await guards.countVisitor(c);
        return finish(parts, cookies, c);
      }),
    );
  }

  app.get("/auth/me", guards.actor, async (c) =>
    c.json(await getPerson({ ...platform, actor: c.get("actor"), requestId: c.get("requestId") })),
  );

  app.post("/auth/logout", async (c) => {
    const token = guards.presentedToken(c);
    // Also where the session is over: signing out must never fail for somebody who wants to be signed out.
    if ((await guards.identify(c)) === null) await guards.countVisitor(c);
    else if (token !== null) await signOut(platform, token.token);
    if (token?.isCookie === false) return c.body(null, 204);
    c.header("Set-Cookie", cookies.noSession());
    return c.redirect("/", 303);
  });
}
