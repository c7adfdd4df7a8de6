import { eq } from "drizzle-orm";
import type { KeySchema, LuciaErrorConstructor, UserAdapter, UserSchema } from "lucia";
import { people } from "../../../drizzle/schema/index.ts";
import type { Platform } from "../../context.ts";
import { isUniqueViolation } from "../../db/failures.ts";
import { openPerson } from "./open-person.ts";

/** The provider in Lucia's key ids: `github:9000000001`. */
export const GITHUB = "github";

const keyOf = (userId: string, githubId: number): KeySchema => ({
  id: `${GITHUB}:${githubId}`,
  user_id: userId,
  hashed_password: null,
});

/** GitHub's number in a key's id. */
function githubIdOf(keyId: string): number {
  const id = Number(keyId.slice(GITHUB.length + 1));
  if (!keyId.startsWith(`${GITHUB}:`) || !Number.isSafeInteger(id))
    throw new Error(`${keyId} is no key of ours`);
  return id;
}

type PersonRow = Pick<
  typeof people.$inferSelect,
  "accountId" | "login" | "name" | "email" | "language" | "termsVersion"
>;

export const userOf = (person: PersonRow): UserSchema => ({
  id: person.accountId,
  login: person.login,
  name: person.name,
  email: person.email,
  language: person.language,
  terms_version: person.termsVersion,
});

/** A person has one key, GitHub's number, from their first sign-in on; and accounts are never deleted. */
const unchangeable = () => Promise.reject(new Error("a person and their key come and go together"));

/** People as Lucia's users. A user's id is the account's. */
export function personAdapter({ db }: Pick<Platform, "db">, LuciaError: LuciaErrorConstructor): UserAdapter {
  const { drizzle } = db;
  const find = async (condition: ReturnType<typeof eq>) =>
    (await drizzle.select().from(people).where(condition))[0] ?? null;
  return {
    getUser: async (userId) => {
      const person = await find(eq(people.accountId, userId));
      return person === null ? null : userOf(person);
    },
    setUser: async ({ id, terms_version: termsVersion, ...user }: UserSchema, key: KeySchema | null) => {
      if (key === null) throw new Error("a person without a key could never sign in");
      try {
        await openPerson(db, { ...user, accountId: id, githubId: githubIdOf(key.id), termsVersion });
      } catch (error) {
        if (isUniqueViolation(error)) throw new LuciaError("AUTH_DUPLICATE_KEY_ID");
        throw error;
      }
    },
    // Who signs in again may have another login or address by now; their language and name here are their own choice.
    updateUser: async (userId, { login, email }) => {
      await drizzle
        .update(people)
        .set({ ...(login === undefined ? {} : { login }), ...(email === undefined ? {} : { email }) })
        .where(eq(people.accountId, userId));
    },
    getKey: async (keyId) => {
      const person = await find(eq(people.githubId, githubIdOf(keyId)));
      return person === null ? null : keyOf(person.accountId, person.githubId);
    },
    getKeysByUserId: async (userId) => {
      const person = await find(eq(people.accountId, userId));
      return person === null ? [] : [keyOf(person.accountId, person.githubId)];
    },
    setKey: unchangeable,
    updateKey: unchangeable,
    deleteKey: unchangeable,
    deleteKeysByUserId: unchangeable,
    deleteUser: unchangeable,
  };
}
