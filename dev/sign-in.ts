/** Signs somebody in at a local stack as a browser would, by the login pages of the product and of the GitHub emulator. */
import { Visitor, type Hop } from "./visitor.ts";

export interface SignInInput {
  /** Where the product's web process can be reached. */
  readonly baseUrl: string;
  /** A login of the emulated GitHub: one of its people, or any other that GitHub would allow. */
  readonly login: string;
  /** For all of it, with the waiting that a rate limit asks for. */
  readonly timeoutMs?: number;
  /** Ends it at once. */
  readonly stop?: AbortSignal;
}

/** A step of the login did not lead to the next one. */
export class SignInFailed extends Error {
  override readonly name = "SignInFailed";
}

/** Longer than a window of the rate limits, which is a minute. */
const TIMEOUT_MS = 90_000;
const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];
const SESSION_TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** Where a redirect leads, if it is to one of the paths that may come next. @throws SignInFailed */
function next(step: string, hop: Hop, ...paths: readonly string[]): URL {
  const { status, location } = hop;
  if ([302, 303].includes(status) && location !== null && paths.includes(location.pathname)) return location;
  const problem = location?.pathname === "/login" ? location.searchParams.get("problem") : null;
  // Not the whole address: its query may hold a code or a state.
  const where = location === null ? "" : ` to ${location.origin}${location.pathname}`;
  throw new SignInFailed(
    problem === null ? `${step} answered ${status}${where}` : `${step} led to the problem "${problem}"`,
  );
}

/** The emulator's page for this login: the choice is made on it. Never a page of anybody else. */
async function choose(visitor: Visitor, page: URL, login: string): Promise<URL> {
  if (!LOOPBACK.includes(page.hostname))
    throw new SignInFailed(`${page.origin} is no GitHub emulator of this machine`);
  const shown = await visitor.visit(page);
  if (shown.status !== 200) next("GitHub's page", shown);
  const redirectUri = new URL(page.searchParams.get("redirect_uri") ?? "");
  const back = next("GitHub", await visitor.visit(page, { login }), redirectUri.pathname);
  if (back.origin !== redirectUri.origin) throw new SignInFailed(`GitHub led to ${back.origin}`);
  return back;
}

/**
 * Signs a person in and gives the session's token. Who signs in for the first time accepts the terms.
 * @throws SignInFailed
 */
export async function signIn(input: SignInInput): Promise<{ sessionToken: string }> {
  const visitor = new Visitor({
    giveUpAtMs: Date.now() + (input.timeoutMs ?? TIMEOUT_MS),
    stop: input.stop,
  });
  // People may know the product by another address than this one, behind a proxy.
  const here = ({ pathname, search }: URL) => new URL(pathname + search, input.baseUrl);
  const start = new URL("/auth/github", input.baseUrl);

  const page = next("The login", await visitor.visit(start), "/login/oauth/authorize");
  const callback = await choose(visitor, page, input.login);
  const landed = next("The callback", await visitor.visit(here(callback)), "/dashboard", "/welcome");
  if (landed.pathname === "/welcome") {
    const welcome = here(landed);
    const shown = await visitor.visit(welcome);
    if (shown.status !== 200) next("The terms' page", shown);
    next(
      "Accepting the terms",
      await visitor.visit(welcome, { terms: "accepted" }, callback.origin),
      "/dashboard",
    );
  }
  const sessionToken = visitor.cookie(start, "spell_session") ?? "";
  if (!SESSION_TOKEN.test(sessionToken)) throw new SignInFailed("The login ended without a session");
  return { sessionToken };
}
