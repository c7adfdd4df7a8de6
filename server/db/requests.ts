/** The wrappers of credential state and rate counting. */
import type { CredentialReference } from "./casts.ts";
import type { Sql } from "./connect.ts";

export interface RateCount {
  readonly isOver: boolean;
  readonly remaining: number;
  readonly resetMs: number;
}

export interface RequestState extends RateCount {
  readonly keyId: string | null;
  readonly scopes: readonly string[];
}

/** Reads a credential's state and counts the request; null when it is revoked, expired or gone (nothing counted). */
export async function beginRequest(
  sql: Sql,
  credential: CredentialReference,
  rateLimit: number,
  clockOffsetMs: number,
): Promise<RequestState | null> {
  const [row] = await sql<RequestState[]>`
    select r.key_id as "keyId",
           r.scopes,
           r.is_over as "isOver",
           r.remaining,
           r.reset_ms as "resetMs"
      from begin_request(
             ${credential.accountId}::uuid,
             ${credential.keyPrefix}::text,
             ${credential.sessionDigest}::bytea,
             ${rateLimit}::integer,
             ${clockOffsetMs}::bigint * interval '1 millisecond'
           ) r`;
  return row ?? null;
}

/** Reads a credential's scopes without counting anything; null when it is revoked, expired or gone. */
export async function readCredential(
  sql: Sql,
  credential: CredentialReference,
  clockOffsetMs: number,
): Promise<readonly string[] | null> {
  const [row] = await sql<{ scopes: string[] }[]>`
    select c.scopes
      from credential_state(
             ${credential.accountId}::uuid,
             ${credential.keyPrefix}::text,
             ${credential.sessionDigest}::bytea,
             clock_timestamp() + ${clockOffsetMs}::bigint * interval '1 millisecond'
           ) c`;
  return row?.scopes ?? null;
}

/** Counts a request without valid credentials against its address (4 bytes, or 8 of an IPv6 /64). */
export async function countAddress(
  sql: Sql,
  address: Uint8Array,
  rateLimit: number,
  clockOffsetMs: number,
): Promise<RateCount> {
  const [row] = await sql<[RateCount]>`
    select r.is_over as "isOver",
           r.remaining,
           r.reset_ms as "resetMs"
      from count_request(
             'address',
             ${address}::bytea,
             ${rateLimit}::integer,
             clock_timestamp() + ${clockOffsetMs}::bigint * interval '1 millisecond'
           ) r`;
  return row;
}
