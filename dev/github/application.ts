/** The one OAuth application that is registered. */
export interface Application {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where people may be sent back to; the first is taken for a request that names none. */
  readonly redirectUris: readonly [string, ...string[]];
}

/** What an application asks a person for. */
export interface AuthorizationRequest {
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly state: string | null;
  readonly challenge: string | null;
}

export type ReadRequest =
  | { readonly request: AuthorizationRequest }
  | { readonly refusal: "unknown-client" | "foreign-redirect" | "plain-challenge" };

/** Reads the query of an authorization request. GitHub also takes paths below a registered one; here it must be equal. */
export function readRequest(application: Application, query: URLSearchParams): ReadRequest {
  if (query.get("client_id") !== application.clientId) return { refusal: "unknown-client" };
  const redirectUri = query.get("redirect_uri") ?? application.redirectUris[0];
  if (!application.redirectUris.includes(redirectUri)) return { refusal: "foreign-redirect" };
  const challenge = query.get("code_challenge");
  if (challenge !== null && query.get("code_challenge_method") !== "S256")
    return { refusal: "plain-challenge" };
  const scopes = [...new Set((query.get("scope") ?? "").split(/[ ,]+/).filter((scope) => scope !== ""))];
  return { request: { redirectUri, scopes, state: query.get("state"), challenge } };
}
