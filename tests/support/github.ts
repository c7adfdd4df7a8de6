/** The GitHub emulator inside the test, and an application that talks to it. */
import { createHash, randomBytes } from "node:crypto";
import { onTestFinished } from "vitest";
import { startGithub, type Github, type GithubOptions } from "../../dev/github/start.ts";

export const APPLICATION = {
  clientId: "the-application",
  clientSecret: "its-secret",
  redirectUris: ["http://localhost:3000/auth/github/callback", "http://localhost:3000/auth/callback"],
} as const;

/** Starts an emulator that ends with the test. */
export async function startTestGithub(options: Partial<GithubOptions> = {}): Promise<Github> {
  const github = await startGithub({ application: APPLICATION, port: 0, ...options });
  onTestFinished(() => github.stop());
  return github;
}

type Fields = Readonly<Record<string, string | undefined>>;

/** Without the members that are undefined. */
const fieldsOf = (fields: Fields): URLSearchParams =>
  new URLSearchParams(
    Object.entries(fields).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );

const VERIFIER = randomBytes(32).toString("base64url");

const USUAL_REQUEST = {
  client_id: APPLICATION.clientId,
  redirect_uri: APPLICATION.redirectUris[0],
  scope: "read:user user:email",
  state: "the state",
  code_challenge: createHash("sha256").update(VERIFIER).digest("base64url"),
  code_challenge_method: "S256",
};

/** The address an application sends a person to. */
export const authorizeUrl = ({ baseUrl }: Github, changes: Fields = {}): string =>
  `${baseUrl}/login/oauth/authorize?${fieldsOf({ ...USUAL_REQUEST, ...changes })}`;

/** Posts what a person chose on the page. */
export const choose = (github: Github, chosen: Fields, changes: Fields = {}): Promise<Response> =>
  fetch(authorizeUrl(github, changes), { method: "POST", redirect: "manual", body: fieldsOf(chosen) });

/** Where an answer leads. */
export const locationOf = (response: Response): URL => new URL(response.headers.get("Location") ?? "");

/** A code for this person. */
export async function codeFor(github: Github, login: string, changes: Fields = {}): Promise<string> {
  return locationOf(await choose(github, { login }, changes)).searchParams.get("code") ?? "";
}

/** Asks for a token with a code. */
export const exchange = (github: Github, code: string, changes: Fields = {}, accept = "application/json") =>
  fetch(`${github.baseUrl}/login/oauth/access_token`, {
    method: "POST",
    headers: { Accept: accept },
    body: fieldsOf({
      client_id: APPLICATION.clientId,
      client_secret: APPLICATION.clientSecret,
      redirect_uri: APPLICATION.redirectUris[0],
      grant_type: "authorization_code",
      code_verifier: VERIFIER,
      code,
      ...changes,
    }),
  });

/** A token for this person. */
export async function tokenFor(github: Github, login: string, changes: Fields = {}): Promise<string> {
  const answer = (await (await exchange(github, await codeFor(github, login, changes))).json()) as {
    access_token: string;
  };
  return answer.access_token;
}

/** Asks the API with a token. */
export const askApi = (github: Github, path: string, token: string, signal?: AbortSignal) =>
  fetch(`${github.apiUrl}${path}`, {
    headers: { Authorization: `Bearer ${token}` },
    ...(signal && { signal }),
  });
