/** Signing in, and every way in which somebody may try to lead it astray. GitHub is the emulator, over real HTTP. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startGithub, type Github } from "../../dev/github/start.ts";
import { signIn } from "../../dev/sign-in.ts";
import { APPLICATION } from "../support/github.ts";
import { startTestWeb, type TestWeb } from "../support/web.ts";

const ORIGIN = "http://localhost:3000";

let github: Github;
let web: TestWeb;
beforeAll(async () => {
  github = await startGithub({ application: APPLICATION, port: 0 });
  web = await startTestWeb({
    env: {
      GITHUB_BASE_URL: github.baseUrl,
      GITHUB_API_URL: github.apiUrl,
      GITHUB_CLIENT_ID: APPLICATION.clientId,
      GITHUB_CLIENT_SECRET: APPLICATION.clientSecret,
    },
  });
});
afterAll(async () => {
  await web.close();
  await github.stop();
});

const newLogin = () => `p${randomBytes(6).toString("hex")}`;
const token = async (login: string) => (await signIn({ baseUrl: web.baseUrl, login })).sessionToken;
const me = (key: string) => web.call("GET", "/auth/me", { key });

interface Browser {
  readonly cookie?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const visit = (path: string, { cookie, headers }: Browser = {}) =>
  fetch(`${web.baseUrl}${path}`, {
    redirect: "manual",
    headers: { ...(cookie === undefined ? {} : { Cookie: cookie }), ...headers },
  });

const post = (
  path: string,
  cookie: string,
  form: Readonly<Record<string, string>>,
  origin: string | null = ORIGIN,
) =>
  fetch(`${web.baseUrl}${path}`, {
    method: "POST",
    redirect: "manual",
    headers: { Cookie: cookie, ...(origin === null ? {} : { Origin: origin }) },
    body: new URLSearchParams(form),
  });

const cookiesOf = (response: Response) =>
  Object.fromEntries(
    response.headers
      .getSetCookie()
      .map((line) => /^([^=]+)=([^;]*)/.exec(line)?.slice(1) as [string, string]),
  );
const whereTo = (response: Response) => response.headers.get("Location") ?? "";

/** A browser on its way back from GitHub: its cookie, and the address that GitHub sends it to. */
async function agreed(login: string, next = "") {
  const begun = await visit(`/auth/github${next}`);
  const answer = await fetch(whereTo(begun), {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ login }),
  });
  const { pathname, search } = new URL(whereTo(answer));
  const { spell_oauth: oauth = "" } = cookiesOf(begun);
  return { cookie: `spell_oauth=${oauth}`, path: pathname + search };
}

test("a new person accepts the terms, and is then signed in as who GitHub says", async () => {
  const login = newLogin();
  const session = await token(login);
  const answer = await me(session);
  expect(answer.body).toMatchObject({ login, email: `${login}@example.com`, language: "en" });
  expect((await web.call("GET", "/v1/keys", { key: session })).status).toBe(200);
});

test("no account is opened before the terms are accepted, and a sign-up is good for one", async () => {
  const login = newLogin();
  const { cookie, path } = await agreed(login);
  const back = await visit(path, { cookie });
  expect(whereTo(back)).toBe("/welcome");
  const count = () =>
    web.platform.db.sql<
      [{ people: number }]
    >`select count(*)::integer as people from people where login = ${login}`;
  expect(await count()).toEqual([{ people: 0 }]);

  const signUp = `spell_sign_up=${cookiesOf(back)["spell_sign_up"] ?? ""}`;
  const unaccepted = await post("/welcome", signUp, {});
  expect(unaccepted.status).toBe(400);
  expect(await count()).toEqual([{ people: 0 }]);

  const accepted = await post("/welcome", signUp, { terms: "accepted" });
  expect([accepted.status, whereTo(accepted)]).toEqual([302, "/dashboard"]);
  expect(cookiesOf(accepted)["spell_session"]).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(await count()).toEqual([{ people: 1 }]);
  const again = await post("/welcome", signUp, { terms: "accepted" });
  expect(whereTo(again)).toBe("/login?problem=state");
});

test("two windows that sign up the same person open one account", async () => {
  const login = newLogin();
  const tokens = await Promise.all([token(login), token(login), token(login)]);
  const ids = await Promise.all(tokens.map(async (session) => (await me(session)).body["user_id"]));
  expect(new Set(ids).size).toBe(1);
  expect(new Set(tokens).size).toBe(3);
});

test("a person is known by GitHub's number: a changed login or address is taken over, a chosen name stays", async () => {
  const login = newLogin();
  const session = await token(login);
  const { user_id: id } = (await me(session)).body as unknown as { user_id: string };
  await web.platform.db.sql`update people set login = 'older', name = 'Mine' where account_id = ${id}`;
  const later = await token(login);
  expect((await me(later)).body).toMatchObject({ user_id: id, login, name: "Mine" });
});

test("the session cookie cannot be read by scripts, and a sign-in leads to the page that was asked for", async () => {
  const login = newLogin();
  await token(login);
  const { cookie, path } = await agreed(login, "?next=/dashboard/casts%3Fstatus%3DFAILED");
  const back = await visit(path, { cookie });
  expect(whereTo(back)).toBe("/dashboard/casts?status=FAILED");
  const line = back.headers.getSetCookie().find((text) => text.startsWith("spell_session="));
  expect(line).toMatch(/; HttpOnly/);
  expect(line).toMatch(/; SameSite=Lax/);
  expect(line).toMatch(/; Max-Age=2592000/);
  expect(line).toMatch(/; Path=\//);
});

test.each(["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example"])(
  "a sign-in does not lead to %s",
  async (next) => {
    const login = newLogin();
    await token(login);
    const { cookie, path } = await agreed(login, `?next=${encodeURIComponent(next)}`);
    const landed = await visit(path, { cookie });
    expect([landed.status, new URL(whereTo(landed), ORIGIN).origin]).toEqual([302, ORIGIN]);
  },
);

test("an answer of GitHub counts only in the browser that asked for it, once, with its own state", async () => {
  const login = newLogin();
  await token(login);
  const [mine, theirs] = [await agreed(login), await agreed(login)];
  const refused = "/login?problem=state";
  expect(whereTo(await visit(mine.path))).toBe(refused);
  expect(whereTo(await visit(mine.path, { cookie: theirs.cookie }))).toBe(refused);
  expect(whereTo(await visit(mine.path.replace(/state=[^&]*/, ""), { cookie: mine.cookie }))).toBe(refused);
  expect(whereTo(await visit(mine.path.replace(/code=[^&]*/, ""), { cookie: mine.cookie }))).toBe(refused);
  expect(whereTo(await visit(mine.path, { cookie: mine.cookie }))).toBe("/dashboard");
  const replayed = await visit(mine.path, { cookie: mine.cookie });
  expect(whereTo(replayed)).toBe(refused);
  expect(cookiesOf(replayed)).toEqual({ spell_oauth: "" });
});

test.each([
  ["unverified", "email"],
  ["broken-hub", "github"],
] as const)("%s is led back to /login, which says %s", async (login, problem) => {
  const { cookie, path } = await agreed(login);
  expect(whereTo(await visit(path, { cookie }))).toBe(`/login?problem=${problem}`);
  expect(await (await visit(`/login?problem=${problem}`)).text()).toMatch(/role="alert"/);
});

test("who declines at GitHub is told so, and keeps the way back", async () => {
  const begun = await visit("/auth/github?next=/dashboard/billing");
  const state = new URL(whereTo(begun)).searchParams.get("state") ?? "";
  const { spell_oauth: oauth = "" } = cookiesOf(begun);
  const back = await visit(`/auth/callback?error=access_denied&state=${state}`, {
    cookie: `spell_oauth=${oauth}`,
  });
  expect(whereTo(back)).toBe("/login?problem=declined&next=%2Fdashboard%2Fbilling");
});

test("a sign-in gives a new session, whatever the browser had before, and ends that one", async () => {
  const login = newLogin();
  const before = await token(login);
  const { cookie, path } = await agreed(login);
  const back = await visit(path, { cookie: `${cookie}; spell_session=${before}` });
  const after = cookiesOf(back)["spell_session"] ?? "";
  expect(after).not.toBe(before);
  expect([(await me(before)).status, (await me(after)).status]).toEqual([401, 200]);
});

test("a planted cookie is no session, and does not become one", async () => {
  const planted = "A".repeat(43);
  const login = newLogin();
  await token(login);
  const { cookie, path } = await agreed(login);
  await visit(path, { cookie: `${cookie}; spell_session=${planted}` });
  expect((await me(planted)).status).toBe(401);
});

test("what the tables hold signs nobody in", async () => {
  const session = await token(newLogin());
  const { sessions } = (
    await web.platform.db.sql<[{ sessions: { id: string; digest: string }[] }]>`
    select json_agg(json_build_object('id', id, 'digest', encode(token_digest, 'base64'))) as sessions from sessions`
  )[0];
  expect(sessions.length).toBeGreaterThan(0);
  expect(JSON.stringify(sessions)).not.toContain(session);
  for (const { id, digest } of sessions.slice(0, 3)) {
    expect((await me(id)).status).toBe(401);
    const asToken = digest.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    expect(asToken).toHaveLength(43);
    expect((await me(asToken)).status).toBe(401);
  }
});

test("an expired session opens nothing, and its form leads to sign-in and back with what it held", async () => {
  const session = await token(newLogin());
  await web.platform.db.sql`update sessions set expires_at = clock_timestamp() - interval '1 second'`;
  expect((await me(session)).status).toBe(401);
  const page = await visit("/dashboard", { cookie: `spell_session=${session}` });
  expect([page.status, whereTo(page)]).toEqual([302, "/login?next=%2Fdashboard"]);
});

test("signing out takes our own origin, and from its answer on the session opens nothing", async () => {
  const session = await token(newLogin());
  const cookie = `spell_session=${session}`;
  for (const origin of ["https://evil.example", "null", null]) {
    expect((await post("/auth/logout", cookie, {}, origin)).status).toBe(403);
  }
  expect((await me(session)).status).toBe(200);
  const out = await post("/auth/logout", cookie, {});
  expect([out.status, whereTo(out), cookiesOf(out)["spell_session"]]).toEqual([303, "/", ""]);
  expect((await me(session)).status).toBe(401);
});

test("a program signs out by its bearer token", async () => {
  const session = await token(newLogin());
  expect((await web.call("POST", "/auth/logout", { key: session })).status).toBe(204);
  expect((await me(session)).status).toBe(401);
});

test("forms of pages are not taken from another site, whatever it says of forwarding", async () => {
  const forged = { Origin: "https://evil.example", "X-Forwarded-Host": "evil.example", Host: "evil.example" };
  const session = await token(newLogin());
  const answer = await fetch(`${web.baseUrl}/language`, {
    method: "POST",
    redirect: "manual",
    headers: { Cookie: `spell_session=${session}`, ...forged },
    body: new URLSearchParams({ language: "ja", next: "/" }),
  });
  expect(answer.status).toBe(403);
});

test("GitHub is told our configured address, not the one a request claims", async () => {
  const begun = await visit("/auth/github", {
    headers: { "X-Forwarded-Host": "evil.example", Host: "evil.example" },
  });
  expect(new URL(whereTo(begun)).searchParams.get("redirect_uri")).toBe(`${ORIGIN}/auth/github/callback`);
});
