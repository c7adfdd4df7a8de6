import type { Actor, Credential, Platform, Scope } from "../../context.ts";
import { beginRequest as readState, type RateCount } from "../../db/requests.ts";
import { RateLimited, Unauthenticated } from "../../errors.ts";

/**
 * Turns a credential into an actor by reading its state now, and counts the request against the account's rate.
 * `onCount` sees the count also when it refuses, for the RateLimit headers.
 * @throws Unauthenticated when it was revoked or expired; RateLimited
 */
export async function beginRequest(
  platform: Platform,
  credential: Credential,
  onCount: (rate: RateCount) => void = () => undefined,
): Promise<Actor> {
  const { db, config, clock, metrics } = platform;
  const state = await readState(db.sql, credential, config.RATE_LIMIT_USER_RPM, clock.offsetMs);
  if (state === null) throw new Unauthenticated();
  onCount(state);
  if (state.isOver) {
    metrics.rateLimited.inc({ subject: "account" });
    throw new RateLimited({ limit: config.RATE_LIMIT_USER_RPM, resetMs: state.resetMs });
  }
  // The table's scopes were validated against SCOPES when they were written.
  return { credential, accountId: credential.accountId, scopes: state.scopes as readonly Scope[] };
}
