import { setTimeout as pause } from "node:timers/promises";
import { Hono } from "hono";
import type { Grant, Grants } from "./grants.ts";
import type { Person } from "./people.ts";

/** Below this path, as with GitHub Enterprise. */
export const API_PATH = "/api/v3";

const DOCS = "https://docs.github.com/rest";
const BAD_CREDENTIALS = { message: "Bad credentials", documentation_url: DOCS, status: "401" };
const NO_EMAILS = {
  message: "Not Found",
  documentation_url: `${DOCS}/users/emails#list-email-addresses-for-the-authenticated-user`,
  status: "404",
};
const BAD_GATEWAY = "<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>";

const userOf = ({ id, login, name }: Person) => ({
  login,
  id,
  type: "User",
  site_admin: false,
  name,
  company: null,
  blog: "",
  location: null,
  // The public address, which few people give.
  email: null,
  bio: null,
  created_at: "2020-01-01T00:00:00Z",
  updated_at: "2020-01-01T00:00:00Z",
});

const emailsOf = ({ email, isEmailVerified }: Person) => [
  { email, primary: true, verified: isEmailVerified, visibility: "private" },
];

const maySeeEmails = ({ scopes }: Grant) => scopes.includes("user") || scopes.includes("user:email");

/** What the API says of the person whose token is shown. */
export function createApi(grants: Grants, slowAnswerMs: number): Hono<{ Variables: { grant: Grant } }> {
  const api = new Hono<{ Variables: { grant: Grant } }>();

  api.use(async (c, next) => {
    if (c.req.header("User-Agent") === undefined)
      return c.text("Request forbidden by administrative rules: it has no User-Agent header.", 403);
    const [, token = ""] = /^(?:bearer|token) (\S+)$/i.exec(c.req.header("Authorization") ?? "") ?? [];
    const grant = grants.findToken(token);
    if (grant === null) return c.json(BAD_CREDENTIALS, 401);
    c.set("grant", grant);
    c.header("X-OAuth-Scopes", grant.scopes.join(", "));
    const { mischief } = grant.person;
    if (mischief === "broken") return c.html(BAD_GATEWAY, 502);
    // Nobody may be there to hear the answer any more.
    if (mischief === "slow")
      await pause(slowAnswerMs, undefined, { signal: c.req.raw.signal }).catch(() => undefined);
    return next();
  });

  api.get("/user", (c) => c.json(userOf(c.get("grant").person)));
  api.get("/user/emails", (c) => {
    const grant = c.get("grant");
    return maySeeEmails(grant) ? c.json(emailsOf(grant.person)) : c.json(NO_EMAILS, 404);
  });
  api.notFound((c) => c.json({ message: "Not Found", documentation_url: DOCS, status: "404" }, 404));
  return api;
}
