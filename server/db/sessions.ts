/** The wrapper of sessions as pages read them. */
import type { Sql } from "./connect.ts";

/** A session with all that every page of its person needs. */
export interface SessionRow {
  readonly accountId: string;
  readonly expiresAt: Date;
  readonly userAgent: string | null;
  readonly login: string;
  readonly name: string | null;
  readonly email: string;
  readonly language: "en" | "ja";
  readonly termsVersion: string;
  /** An invoice could not be collected. */
  readonly isPastDue: boolean;
  /** What the session may do at this moment; null when it has expired. */
  readonly scopes: readonly string[] | null;
}

/** Reads a session by the SHA-256 of its token, its person and its state, in one statement; null when there is none. */
export async function readSession(
  sql: Sql,
  tokenDigest: Uint8Array,
  clockOffsetMs: number,
): Promise<SessionRow | null> {
  const [row] = await sql<SessionRow[]>`
    select s.account_id as "accountId",
           s.expires_at as "expiresAt",
           s.user_agent as "userAgent",
           p.login,
           p.name,
           p.email,
           p.language,
           p.terms_version as "termsVersion",
           a.past_due_since is not null as "isPastDue",
           c.scopes
      from sessions s
      join people p on p.account_id = s.account_id
      join accounts a on a.id = s.account_id
      left join lateral credential_state(
             s.account_id,
             null::text,
             s.token_digest,
             clock_timestamp() + ${clockOffsetMs}::bigint * interval '1 millisecond'
           ) c on true
     where s.token_digest = ${tokenDigest}::bytea`;
  return row ?? null;
}
