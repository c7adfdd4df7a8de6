/** The sessions of one person: how they see and end them. */
import { and, desc, eq, ne, sql } from "drizzle-orm";
import { z } from "zod";
import { sessions } from "../../../drizzle/schema/index.ts";
import type { ServiceContext } from "../../context.ts";
import { NotFound } from "../../errors.ts";
import { requirePerson } from "./require-person.ts";

export const endSessionInput = z.strictObject({ id: z.uuid() });

export interface SessionView {
  /** Names the session; it opens nothing. */
  readonly id: string;
  readonly user_agent: string | null;
  readonly created_at: string;
  readonly expires_at: string;
  /** The one that asks. */
  readonly is_current: boolean;
}

/** The person's sessions that are not over, newest first. @throws SessionRequired for a key */
export async function listSessions(ctx: ServiceContext): Promise<SessionView[]> {
  const current = requirePerson(ctx);
  const rows = await ctx.db.drizzle
    .select()
    .from(sessions)
    .where(and(eq(sessions.accountId, ctx.actor.accountId), sql`${sessions.expiresAt} > clock_timestamp()`))
    .orderBy(desc(sessions.createdAt), sessions.id);
  return rows.map((row) => ({
    id: row.id,
    user_agent: row.userAgent,
    created_at: row.createdAt.toISOString(),
    expires_at: row.expiresAt.toISOString(),
    is_current: Buffer.compare(row.tokenDigest, current) === 0,
  }));
}

/** Ends one session: from the answer on, nothing accepts it. @throws NotFound, also for another person's */
export async function endSession(
  ctx: ServiceContext,
  { id }: z.output<typeof endSessionInput>,
): Promise<void> {
  requirePerson(ctx);
  const ended = await ctx.db.drizzle
    .delete(sessions)
    .where(and(eq(sessions.id, id), eq(sessions.accountId, ctx.actor.accountId)))
    .returning({ id: sessions.id });
  if (ended.length === 0) throw new NotFound("session_not_found");
}

/** Ends all sessions but the one that asks; says how many. */
export async function endOtherSessions(ctx: ServiceContext): Promise<{ ended: number }> {
  const current = requirePerson(ctx);
  const ended = await ctx.db.drizzle
    .delete(sessions)
    .where(and(eq(sessions.accountId, ctx.actor.accountId), ne(sessions.tokenDigest, current)))
    .returning({ id: sessions.id });
  return { ended: ended.length };
}
