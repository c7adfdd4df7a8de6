/** The walk itself, against the least that keeps a product's side of it. The real one is in tests/system. */
import { serve } from "@hono/node-server";
import { Hono, type Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { expect, onTestFinished, test } from "vitest";
import { APPLICATION, askApi, authorizeUrl, exchange, startTestGithub } from "../tests/support/github.ts";
import type { Github } from "./github/start.ts";
import { signIn } from "./sign-in.ts";

const TOKEN = "t".repeat(43);

interface Behaviour {
  /** Where the login sends people. */
  readonly page?: string;
  /** What an address answers instead of what it should, the first time. */
  readonly once?: Readonly<Record<string, (c: Context) => Response>>;
  /** The session that is given. */
  readonly token?: string;
}

/** Knows everybody but `newcomer`, until that one has accepted the terms. */
function createProduct(github: Github, { page = authorizeUrl(github), once = {}, token = TOKEN }: Behaviour) {
  const app = new Hono();
  const seen = new Set<string>();
  app.use(async (c, next) => {
    const instead = seen.has(c.req.path) ? undefined : once[c.req.path];
    seen.add(c.req.path);
    return instead?.(c) ?? next();
  });
  app.get("/auth/github", (c) => {
    setCookie(c, "spell_oauth", "the state", { path: "/auth", maxAge: 600 });
    return c.redirect(page);
  });
  app.get("/auth/github/callback", async (c) => {
    if (getCookie(c, "spell_oauth") !== c.req.query("state")) return c.redirect("/login?problem=state");
    const answer = await exchange(github, c.req.query("code") ?? "");
    const { access_token } = (await answer.json()) as { access_token: string };
    const user = await askApi(github, "/user", access_token);
    if (!user.ok) return c.redirect("/login?problem=github");
    setCookie(c, "spell_oauth", "", { path: "/auth", maxAge: 0 });
    const { login } = (await user.json()) as { login: string };
    setCookie(c, login === "newcomer" ? "spell_sign_up" : "spell_session", token);
    return c.redirect(login === "newcomer" ? "/welcome" : "/dashboard");
  });
  app.get("/welcome", (c) => c.text("The terms"));
  app.post("/welcome", async (c) => {
    const { terms } = await c.req.parseBody();
    const isRight =
      c.req.header("Origin") === new URL(APPLICATION.redirectUris[0]).origin &&
      getCookie(c, "spell_sign_up") === token;
    if (!isRight || terms !== "accepted") return c.text("Forbidden", 403);
    setCookie(c, "spell_session", token);
    return c.redirect("/dashboard");
  });
  return app;
}

/** Starts both sides; people know the product as http://localhost:3000, which is not where it listens. */
async function start(behaviour: Behaviour = {}): Promise<{ baseUrl: string }> {
  const github = await startTestGithub();
  const app = createProduct(github, behaviour);
  const port = await new Promise<number>((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, (address) =>
      resolve(address.port),
    );
    onTestFinished(() => new Promise((done) => server.close(() => done())));
  });
  return { baseUrl: `http://127.0.0.1:${port}` };
}

const comeBack = (seconds: string) => (c: Context) => c.text("Too many", 429, { "Retry-After": seconds });

test.each(["demo", "newcomer", "somebody-else"])(
  "%s is signed in, by the terms if need be",
  async (login) => {
    expect(await signIn({ ...(await start()), login })).toEqual({ sessionToken: TOKEN });
  },
);

test("who is asked to come back later does", async () => {
  const { baseUrl } = await start({
    once: { "/auth/github": comeBack("0"), "/auth/github/callback": comeBack("1") },
  });
  const startedAt = Date.now();
  await signIn({ baseUrl, login: "demo" });
  expect(Date.now() - startedAt).toBeGreaterThanOrEqual(950);
});

test.each(["60", "Thu, 01 Jan 2099 00:00:00 GMT"])(
  "nobody waits longer than there is time for: %s",
  async (later) => {
    const { baseUrl } = await start({ once: { "/auth/github": comeBack(later) } });
    await expect(signIn({ baseUrl, login: "demo", timeoutMs: 1_000 })).rejects.toThrow("there is time for");
  },
);

test("who is told to stop waits for nothing", async () => {
  const { baseUrl } = await start({ once: { "/auth/github": comeBack("60") } });
  const startedAt = Date.now();
  const signingIn = signIn({ baseUrl, login: "demo", stop: AbortSignal.timeout(200) });
  await expect(signingIn).rejects.toThrow(/abort/i);
  expect(Date.now() - startedAt).toBeLessThan(10_000);
});

test.each([
  ["a login that cannot be one", "a--b", {}, "GitHub answered 422"],
  ["GitHub's own failure", "broken-hub", {}, 'The callback led to the problem "github"'],
  [
    "a product that cannot sign anybody in",
    "demo",
    { once: { "/auth/github": (c: Context) => c.redirect("/login?problem=unconfigured") } },
    'The login led to the problem "unconfigured"',
  ],
  [
    "a page that is no emulator's",
    "demo",
    { page: "https://github.example/login/oauth/authorize?client_id=x" },
    "https://github.example is no GitHub emulator of this machine",
  ],
  [
    "terms that are not there",
    "newcomer",
    { once: { "/welcome": (c: Context) => c.text("", 500) } },
    "The terms' page answered 500",
  ],
  ["a session that is none", "demo", { token: "short" }, "The login ended without a session"],
])("%s is said in a sentence", async (_what, login, behaviour, sentence) => {
  await expect(signIn({ ...(await start(behaviour)), login })).rejects.toThrow(sentence);
});

test("an error tells no code and no state", async () => {
  const toNowhere = (c: Context) => c.redirect("/nowhere?code=the-code&state=the-state");
  const { baseUrl } = await start({ once: { "/auth/github/callback": toNowhere } });
  await expect(signIn({ baseUrl, login: "demo" })).rejects.toThrow(
    new RegExp(`The callback answered 302 to ${baseUrl}/nowhere$`),
  );
});
