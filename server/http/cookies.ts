/** The cookies of the product. None is readable by scripts, and none travels in clear but on this very machine. */
import { serialize } from "hono/utils/cookie";
import type { Config } from "../config.ts";
import type { Language } from "../context.ts";

export const SESSION_COOKIE = "spell_session";
/** What began a sign-in: it must come back to the same browser. */
export const OAUTH_COOKIE = "spell_oauth";
/** Proves who GitHub said it is, until the terms are accepted. */
export const SIGN_UP_COOKIE = "spell_sign_up";
export const LANGUAGE_COOKIE = "spell_language";

const MINUTE = 60;
const DAY = 86_400;

/** Values of `Set-Cookie` headers. */
export interface Cookies {
  readonly session: (token: string) => string;
  readonly noSession: () => string;
  readonly oauth: (value: string) => string;
  readonly noOauth: () => string;
  readonly signUp: (token: string) => string;
  readonly noSignUp: () => string;
  readonly language: (language: Language) => string;
}

/** Makes the cookies of a deployment. `Secure` is off only on http://localhost. */
export function createCookies({ APP_URL }: Pick<Config, "APP_URL">): Cookies {
  const { protocol, hostname } = new URL(APP_URL);
  const secure = !(protocol === "http:" && hostname === "localhost");
  const make = (name: string, path: string, maxAge: number) => (value: string) =>
    serialize(name, value, { path, maxAge, secure, httpOnly: true, sameSite: "Lax" });
  return {
    session: make(SESSION_COOKIE, "/", 30 * DAY),
    noSession: () => make(SESSION_COOKIE, "/", 0)(""),
    oauth: make(OAUTH_COOKIE, "/auth", 10 * MINUTE),
    noOauth: () => make(OAUTH_COOKIE, "/auth", 0)(""),
    signUp: make(SIGN_UP_COOKIE, "/welcome", 15 * MINUTE),
    noSignUp: () => make(SIGN_UP_COOKIE, "/welcome", 0)(""),
    language: make(LANGUAGE_COOKIE, "/", 365 * DAY),
  };
}
