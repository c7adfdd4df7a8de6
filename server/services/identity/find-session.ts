import { LuciaError } from "lucia";
import type { Actor, Clock, Credential, Platform, Scope } from "../../context.ts";
import { createSessionKeeper } from "./lucia.ts";
import { isToken, sessionDigest } from "./session-token.ts";

/** Whose session a token is of, with what was read of them for this request. */
export interface KnownPerson {
  readonly actor: Actor;
  /** At GitHub. */
  readonly login: string;
  /** An invoice could not be collected. */
  readonly isPastDue: boolean;
}

/** Null for what is no token of a session that may do anything now. @throws whatever the database fails with */
export type FindSession = (presented: string) => Promise<KnownPerson | null>;

/**
 * Makes the look-up of sessions. Nothing is remembered: each look-up reads the session, its state and its person, in one
 * statement.
 */
export function createSessionFinder(parts: Pick<Platform, "db">, clock?: Clock): FindSession {
  const keeper = createSessionKeeper(parts, clock);
  return async (presented) => {
    if (!isToken(presented)) return null;
    try {
      const { user, known } = await keeper.validateSession(presented);
      if (known?.scopes == null) return null;
      const { login, isPastDue } = known;
      // Lucia's users are ours, and their ids the accounts'.
      const accountId: string = user.userId;
      const credential: Credential = { accountId, keyPrefix: null, sessionDigest: sessionDigest(presented) };
      // The function that gives scopes to sessions gives those of SCOPES.
      const scopes = known.scopes as readonly Scope[];
      return { actor: { credential, accountId, scopes }, login, isPastDue };
    } catch (error) {
      if (error instanceof LuciaError && error.message === "AUTH_INVALID_SESSION_ID") return null;
      throw error;
    }
  };
}
