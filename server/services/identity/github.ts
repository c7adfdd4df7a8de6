/**
 * Signing in with GitHub: OAuth's authorization code flow with state and PKCE (RFC 6749, RFC 7636), then the REST API
 * for who it is. GitHub Enterprise and the local emulator differ by their addresses only.
 */
import { setTimeout as pause } from "node:timers/promises";
import { createOAuth2AuthorizationUrlWithPKCE, validateOAuth2AuthorizationCode } from "@lucia-auth/oauth";
import { z } from "zod";
import type { Config } from "../../config.ts";
import { githubProfile, type GithubProfile } from "./profile.ts";

/** How long GitHub may take to answer a step. */
const TIMEOUT_MS = 8_000;
const API_VERSION = "2022-11-28";

/** What the browser must bring back: `state` in the address, and the verifier from its cookie. */
export interface SignInAttempt {
  readonly url: string;
  readonly state: string;
  readonly verifier: string;
}

/** Who it is; or why not: the code is not (any more) good, GitHub did not answer as it should, no verified address. */
export type Proof =
  | { readonly kind: "proved"; readonly profile: GithubProfile }
  | { readonly kind: "refused" | "unreachable" | "no-email"; readonly cause: unknown };

export interface Github {
  begin(): Promise<SignInAttempt>;
  prove(code: string, verifier: string): Promise<Proof>;
}

const tokenAnswer = z.union([
  z.object({ access_token: z.string().min(1).max(1_000) }),
  // A bad code is answered with 200.
  z.object({ error: z.string().max(200) }),
]);
const userAnswer = z.object({ id: z.int(), login: z.string(), name: z.string().nullish() });
const emailAnswer = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));

type GithubConfig = Pick<
  Config,
  "GITHUB_BASE_URL" | "GITHUB_API_URL" | "GITHUB_CLIENT_ID" | "GITHUB_CLIENT_SECRET" | "APP_URL"
>;

type Settings = GithubConfig & {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly timeoutMs: number;
};

/** The helper that fetches the token sets no time-out and takes no signal: whoever is first wins. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const over = new AbortController();
  try {
    return await Promise.race([
      work,
      pause(milliseconds, undefined, { signal: over.signal, ref: false }).then(() => {
        throw new Error(`GitHub gave no token within ${milliseconds} ms`);
      }),
    ]);
  } finally {
    over.abort();
    work.catch(() => undefined);
  }
}

async function askApi<Schema extends z.ZodType>(
  { GITHUB_API_URL, timeoutMs }: Settings,
  path: string,
  accessToken: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  const response = await fetch(`${GITHUB_API_URL.replace(/\/$/, "")}${path}`, {
    headers: {
      Authorization: `Bearer ${accessToken}`,
      Accept: "application/vnd.github+json",
      "User-Agent": "spell-platform",
      "X-GitHub-Api-Version": API_VERSION,
    },
    redirect: "error",
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!response.ok) throw new Error(`GitHub answered ${path} with ${response.status}`);
  return schema.parse(await response.json());
}

async function readProfile(settings: Settings, accessToken: string): Promise<Proof> {
  const [user, emails] = await Promise.all([
    askApi(settings, "/user", accessToken, userAnswer),
    askApi(settings, "/user/emails", accessToken, emailAnswer),
  ]);
  const email = emails.find(({ primary, verified }) => primary && verified)?.email;
  if (email === undefined) return { kind: "no-email", cause: "no primary address that is verified" };
  const name = user.name?.trim() ?? "";
  const profile = { githubId: user.id, login: user.login, name: name === "" ? null : name, email };
  return { kind: "proved", profile: githubProfile.parse(profile) };
}

/** GitHub at its configured addresses; null when no client is configured, and nobody can sign in. */
export function createGithub(config: GithubConfig, timeoutMs = TIMEOUT_MS): Github | null {
  const { GITHUB_CLIENT_ID: clientId, GITHUB_CLIENT_SECRET: clientSecret, GITHUB_BASE_URL: baseUrl } = config;
  if (clientId === undefined || clientSecret === undefined) return null;
  const settings: Settings = { ...config, clientId, clientSecret, timeoutMs };
  const at = (path: string) => `${baseUrl.replace(/\/$/, "")}${path}`;
  const redirectUri = new URL("/auth/github/callback", config.APP_URL).href;
  return {
    begin: async () => {
      const [url, verifier, state] = await createOAuth2AuthorizationUrlWithPKCE(
        at("/login/oauth/authorize"),
        { clientId, redirectUri, scope: ["read:user", "user:email"], codeChallengeMethod: "S256" },
      );
      return { url: url.href, state, verifier };
    },
    prove: async (code, verifier) => {
      try {
        const answer = await within(
          timeoutMs,
          validateOAuth2AuthorizationCode(code, at("/login/oauth/access_token"), {
            clientId,
            redirectUri,
            codeVerifier: verifier,
            clientPassword: { clientSecret, authenticateWith: "client_secret" },
          }),
        );
        const token = tokenAnswer.parse(answer);
        if ("error" in token) return { kind: "refused", cause: token.error };
        return await readProfile(settings, token.access_token);
      } catch (cause) {
        return { kind: "unreachable", cause };
      }
    },
  };
}
