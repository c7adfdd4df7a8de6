import { and, eq, sql } from "drizzle-orm";
import { LuciaError } from "lucia";
import { z } from "zod";
import { signUps } from "../../../drizzle/schema/index.ts";
import type { Language, Platform } from "../../context.ts";
import { Unauthenticated } from "../../errors.ts";
import { language } from "../people/person-input.ts";
import { createSession } from "./create-session.ts";
import { createSessionKeeper } from "./lucia.ts";
import { findPerson } from "./sign-in.ts";
import { GITHUB } from "./lucia-people.ts";
import { isToken, sessionDigest } from "./session-token.ts";
import { TERMS_VERSION } from "./terms.ts";

export const signUpInput = z.strictObject({ token: z.string().refine(isToken, "not a token of ours") });

export const acceptTermsInput = signUpInput.extend({
  language,
  user_agent: z.string().nullable().default(null),
});

type Parts = Pick<Platform, "db" | "random">;

const notOver = (token: string) =>
  and(eq(signUps.tokenDigest, sessionDigest(token)), sql`${signUps.expiresAt} > clock_timestamp()`);

/** Who is about to sign up with this token; null when it is over, used or unknown. */
export async function readSignUp(
  { db }: Pick<Platform, "db">,
  { token }: z.output<typeof signUpInput>,
): Promise<{ login: string; name: string | null; email: string } | null> {
  const { login, name, email } = signUps;
  const [row] = await db.drizzle.select({ login, name, email }).from(signUps).where(notOver(token));
  return row ?? null;
}

/** Opens the account, unless the same person has done so in another window a moment ago. */
async function accountOf(parts: Parts, signUp: typeof signUps.$inferSelect, chosen: Language) {
  const { githubId, login, name, email } = signUp;
  const userId = parts.random.id();
  try {
    await createSessionKeeper(parts).createUser({
      userId,
      key: { providerId: GITHUB, providerUserId: String(githubId), password: null },
      attributes: { login, name, email, language: chosen, terms_version: TERMS_VERSION },
    });
    return userId;
  } catch (error) {
    const isKnown = error instanceof LuciaError && error.message === "AUTH_DUPLICATE_KEY_ID";
    const known = isKnown ? await findPerson(parts, githubId) : null;
    if (known === null) throw error;
    return known;
  }
}

/**
 * Accepts the terms for somebody whom GitHub has proved: opens their account and signs them in. The token works once.
 * @throws Unauthenticated when the token is over, used or unknown
 */
export async function acceptTerms(
  parts: Parts,
  input: z.output<typeof acceptTermsInput>,
): Promise<{ session_token: string }> {
  const [signUp] = await parts.db.drizzle.delete(signUps).where(notOver(input.token)).returning();
  if (signUp === undefined) throw new Unauthenticated("This sign-up is over. Sign in with GitHub again.");
  const accountId = await accountOf(parts, signUp, input.language);
  const { token } = await createSession(parts, accountId, input.user_agent);
  return { session_token: token };
}
