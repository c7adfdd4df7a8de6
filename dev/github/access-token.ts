import { createHash } from "node:crypto";
import type { Context, Hono } from "hono";
import type { Application } from "./application.ts";
import type { Grant, Grants } from "./grants.ts";

const DOCS = "https://docs.github.com/apps/managing-oauth-apps";
const TOKEN_DOCS = `${DOCS}/troubleshooting-oauth-app-access-token-request-errors`;

/** GitHub's errors of this address, which come with status 200. */
const ERRORS = {
  incorrect_client_credentials: {
    error_description: "The client_id and/or client_secret passed are incorrect.",
    error_uri: `${TOKEN_DOCS}/#incorrect-client-credentials`,
  },
  redirect_uri_mismatch: {
    error_description: "The redirect_uri MUST match the registered callback URL for this application.",
    error_uri: `${DOCS}/troubleshooting-authorization-request-errors/#redirect-uri-mismatch2`,
  },
  bad_verification_code: {
    error_description: "The code passed is incorrect or expired.",
    error_uri: `${TOKEN_DOCS}/#bad-verification-code`,
  },
} as const;

type Fields = Readonly<Record<string, string>>;

const failure = (error: keyof typeof ERRORS): Fields => ({ error, ...ERRORS[error] });

/** JSON for those who ask for it, else form-encoded. */
function answer(c: Context, fields: Fields): Response {
  if (c.req.header("Accept")?.includes("application/json") === true) return c.json(fields);
  c.header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
  return c.body(new URLSearchParams(fields).toString());
}

/** A verifier must meet the challenge, and one without a challenge is as wrong as none with one. */
function isVerified({ challenge }: Grant, verifier: string | null): boolean {
  if (verifier === null) return challenge === null;
  return createHash("sha256").update(verifier).digest("base64url") === challenge;
}

function exchange(grants: Grants, given: URLSearchParams): Fields {
  const grant = grants.takeCode(given.get("code") ?? "");
  if (grant === null) return failure("bad_verification_code");
  if ((given.get("redirect_uri") ?? grant.redirectUri) !== grant.redirectUri)
    return failure("redirect_uri_mismatch");
  if (!isVerified(grant, given.get("code_verifier"))) return failure("bad_verification_code");
  return { access_token: grants.giveToken(grant), token_type: "bearer", scope: grant.scopes.join(",") };
}

/** Where an application gives a code and its secret for a token. */
export function registerAccessToken(app: Hono, application: Application, grants: Grants): void {
  app.post("/login/oauth/access_token", async (c) => {
    const given = new URLSearchParams(await c.req.text());
    if (given.get("client_id") !== application.clientId) return c.json({ error: "Not Found" }, 404);
    return given.get("client_secret") === application.clientSecret
      ? answer(c, exchange(grants, given))
      : answer(c, failure("incorrect_client_credentials"));
  });
}
