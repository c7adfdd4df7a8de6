import { eq } from "drizzle-orm";
import type { Adapter, SessionAdapter, SessionSchema } from "lucia";
import { sessions } from "../../../drizzle/schema/index.ts";
import type { Clock, Platform } from "../../context.ts";
import { readSession } from "../../db/sessions.ts";
import { userOf } from "./lucia-people.ts";
import { sessionDigest } from "./session-token.ts";

type SessionRow = Pick<typeof sessions.$inferSelect, "accountId" | "expiresAt" | "userAgent">;

/** `id` is what Lucia will call the session: the token it was asked for, or in lists a name that opens nothing. */
function sessionOf(row: SessionRow, id: string): SessionSchema {
  const expires = row.expiresAt.getTime();
  return {
    id,
    user_id: row.accountId,
    active_expires: expires,
    idle_expires: expires,
    user_agent: row.userAgent,
  };
}

/** Sessions by the SHA-256 of their tokens: what the table holds signs nobody in. */
export function sessionAdapter(
  { db: { drizzle, sql } }: Pick<Platform, "db">,
  clock: Clock,
): SessionAdapter & Pick<Adapter, "getSessionAndUser"> {
  return {
    getSessionAndUser: async (token) => {
      const row = await readSession(sql, sessionDigest(token), clock.offsetMs);
      if (row === null) return [null, null];
      const { login, isPastDue, scopes } = row;
      return [{ ...sessionOf(row, token), known: { login, isPastDue, scopes } }, userOf(row)];
    },
    getSession: async (token) => {
      const [row] = await drizzle
        .select()
        .from(sessions)
        .where(eq(sessions.tokenDigest, sessionDigest(token)));
      return row === undefined ? null : sessionOf(row, token);
    },
    getSessionsByUserId: async (userId) => {
      const rows = await drizzle.select().from(sessions).where(eq(sessions.accountId, userId));
      return rows.map((row) => sessionOf(row, row.id));
    },
    setSession: async (session) => {
      await drizzle.insert(sessions).values({
        tokenDigest: sessionDigest(session.id),
        accountId: session.user_id,
        expiresAt: new Date(session.active_expires),
        userAgent: session.user_agent,
      });
    },
    updateSession: () => Promise.reject(new Error("a session is not changed: it ends")),
    deleteSession: async (token) => {
      await drizzle.delete(sessions).where(eq(sessions.tokenDigest, sessionDigest(token)));
    },
    deleteSessionsByUserId: async (userId) => {
      await drizzle.delete(sessions).where(eq(sessions.accountId, userId));
    },
  };
}
