import { sql } from "drizzle-orm";
import { LuciaError } from "lucia";
import { signUps } from "../../../drizzle/schema/index.ts";
import type { Platform } from "../../context.ts";
import { createSession } from "./create-session.ts";
import { createSessionKeeper } from "./lucia.ts";
import { GITHUB } from "./lucia-people.ts";
import type { GithubProfile } from "./profile.ts";
import { makeToken, sessionDigest } from "./session-token.ts";

const SIGN_UP_MINUTES = 15;

type Parts = Pick<Platform, "db" | "random">;

/** Somebody known gets a session; somebody new a token with which they can accept the terms. */
export type SignedIn = { readonly kind: "known" | "new"; readonly token: string };

/** The account of a GitHub number, or null. */
export async function findPerson({ db }: Pick<Platform, "db">, githubId: number): Promise<string | null> {
  try {
    const { userId } = await createSessionKeeper({ db }).useKey(GITHUB, String(githubId), null);
    return userId;
  } catch (error) {
    if (error instanceof LuciaError && error.message === "AUTH_INVALID_KEY_ID") return null;
    throw error;
  }
}

/** Keeps what GitHub proved until the terms are accepted, and forgets what others did not finish. */
async function beginSignUp({ db, random }: Parts, profile: GithubProfile): Promise<string> {
  const token = makeToken(random);
  await db.drizzle.delete(signUps).where(sql`${signUps.expiresAt} < clock_timestamp()`);
  await db.drizzle.insert(signUps).values({
    ...profile,
    tokenDigest: sessionDigest(token),
    expiresAt: sql`clock_timestamp() + ${SIGN_UP_MINUTES}::integer * interval '1 minute'`,
  });
  return token;
}

/** Signs in whom GitHub has proved, by GitHub's number: a login may belong to somebody else by now. */
export async function signIn(
  parts: Parts,
  profile: GithubProfile,
  userAgent: string | null,
): Promise<SignedIn> {
  const accountId = await findPerson(parts, profile.githubId);
  if (accountId === null) return { kind: "new", token: await beginSignUp(parts, profile) };
  const { login, email } = profile;
  await createSessionKeeper(parts).updateUserAttributes(accountId, { login, email });
  return { kind: "known", token: (await createSession(parts, accountId, userAgent)).token };
}
