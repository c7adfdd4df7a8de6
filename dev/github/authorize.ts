import { randomBytes } from "node:crypto";
import type { Context, Hono } from "hono";
import { readRequest, type Application, type AuthorizationRequest, type ReadRequest } from "./application.ts";
import type { Grants } from "./grants.ts";
import { choicePage, problemPage, type Page } from "./page.ts";
import { findPerson } from "./people.ts";

const PATH = "/login/oauth/authorize";
const DENIED = {
  error: "access_denied",
  error_description: "The user has denied your application access.",
  error_uri:
    "https://docs.github.com/apps/managing-oauth-apps/troubleshooting-authorization-request-errors/#access-denied",
};

type Refusal = Extract<ReadRequest, { refusal: string }>["refusal"];

/** GitHub never sends people to an address it does not know: it shows a page, of a redirect with status 200. */
const REFUSALS: Readonly<
  Record<Refusal, readonly [status: 200 | 400 | 404, title: string, sentence: string]>
> = {
  "unknown-client": [404, "Not found", "No application has this client_id."],
  "foreign-redirect": [200, "Be careful", "The redirect_uri is not associated with this application."],
  "plain-challenge": [400, "Bad request", "A code_challenge needs code_challenge_method=S256."],
};

/** Shows a page that loads nothing and whose forms lead here and, by a redirect, back to the application. */
function show(
  c: Context,
  { redirectUris }: Application,
  status: 200 | 400 | 404 | 422,
  page: (nonce: string) => Page,
) {
  const nonce = randomBytes(16).toString("base64");
  const applications = [...new Set(redirectUris.map((uri) => new URL(uri).origin))].join(" ");
  c.header(
    "Content-Security-Policy",
    `default-src 'none'; style-src 'nonce-${nonce}'; img-src data:; form-action 'self' ${applications}; ` +
      "frame-ancestors 'none'; base-uri 'none'",
  );
  c.header("Cache-Control", "no-store");
  return c.html(page(nonce), status);
}

function showRefusal(c: Context, application: Application, refusal: Refusal) {
  const [status, title, sentence] = REFUSALS[refusal];
  return show(c, application, status, (nonce) => problemPage(nonce, title, sentence));
}

/** The way back to the application. */
function returnTo(
  { redirectUri, state }: AuthorizationRequest,
  answer: Readonly<Record<string, string>>,
): string {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value);
  if (state !== null) url.searchParams.set("state", state);
  return url.href;
}

/** The page on which a person allows an application what it asks for, and the answer to it. */
export function registerAuthorize(app: Hono, application: Application, grants: Grants): void {
  const read = (c: Context) => readRequest(application, new URL(c.req.url).searchParams);

  app.get(PATH, (c) => {
    const asked = read(c);
    if ("refusal" in asked) return showRefusal(c, application, asked.refusal);
    const { scopes } = asked.request;
    return show(c, application, 200, (nonce) => choicePage({ nonce, scopes, refused: null }));
  });

  app.post(PATH, async (c) => {
    const asked = read(c);
    if ("refusal" in asked) return showRefusal(c, application, asked.refusal);
    const { request } = asked;
    const { login, cancel } = await c.req.parseBody();
    if (cancel !== undefined) return c.redirect(returnTo(request, DENIED));
    const typed = typeof login === "string" ? login : "";
    const person = findPerson(typed);
    if (person !== null)
      return c.redirect(returnTo(request, { code: grants.giveCode({ ...request, person }) }));
    return show(c, application, 422, (nonce) =>
      choicePage({ nonce, scopes: request.scopes, refused: typed }),
    );
  });
}
