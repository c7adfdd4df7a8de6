import { createHash } from "node:crypto";
import { MICROS_PER_CENT, type Credential, type Platform } from "../../context.ts";
import { admitCasts, type Admission } from "../../db/casts.ts";
import type { RateCount } from "../../db/requests.ts";
import {
  FreeFuelExhausted,
  InsufficientScope,
  LimitExceeded,
  MaxCostExceeded,
  NotFound,
  RateLimited,
  Unauthenticated,
} from "../../errors.ts";
import { limitSettings } from "../budgets/limit-settings.ts";
import type { CastSpellInput } from "./cast-input.ts";

export type Admitted = Extract<Admission, { decision: "admitted" }> & { readonly seed: Uint8Array };

/** Beyond queue and wall time: thread start, module compilation, settlement through a short outage. */
const DEADLINE_MARGIN_MS = 10_000;

/** Throws what a refusal means to the caller. */
function refuse(platform: Platform, refusal: Exclude<Admission, { decision: "admitted" }>): never {
  const { config, metrics } = platform;
  switch (refusal.decision) {
    case "unauthenticated":
      throw new Unauthenticated();
    case "rate_limited":
      metrics.rateLimited.inc({ subject: "account" });
      throw new RateLimited({ limit: config.RATE_LIMIT_USER_RPM, resetMs: refusal.resetMs });
    case "free_fuel_exhausted":
      metrics.budgetBlocked.inc({ reason: refusal.decision });
      throw new FreeFuelExhausted(refusal.retryMs);
    case "insufficient_scope":
      throw new InsufficientScope("cast");
    case "spell_not_found":
      throw new NotFound("spell_not_found");
    case "max_cost_exceeded":
      metrics.budgetBlocked.inc({ reason: refusal.decision });
      throw new MaxCostExceeded(refusal);
    case "budget_exceeded":
    case "key_limit_exceeded":
    case "payment_method_required":
      metrics.budgetBlocked.inc({ reason: refusal.decision });
      throw new LimitExceeded(refusal.decision, refusal);
  }
}

/**
 * Asks for a hold: key state, scope, rate, version and limits are decided together in the database.
 * `onCount` sees the account's rate count, also when the cast is refused.
 * @throws Unauthenticated, RateLimited, FreeFuelExhausted, InsufficientScope, NotFound, MaxCostExceeded, LimitExceeded
 */
export async function admit(
  platform: Platform,
  credential: Credential,
  input: CastSpellInput,
  stdin: Uint8Array,
  onCount: (rate: RateCount) => void,
): Promise<Admitted> {
  const { db, config, clock, random, bootId } = platform;
  const seed = random.bytes(32);
  const request = {
    ...credential,
    castId: random.id(),
    spell: input.spell_name,
    version: input.version ?? null,
    maxCostMicros: input.max_cost_cents === undefined ? null : input.max_cost_cents * MICROS_PER_CENT,
    seed,
    inputDigest: createHash("sha256").update(stdin).digest(),
  };
  const settings = {
    bootId,
    rateLimit: config.RATE_LIMIT_USER_RPM,
    graceMs: config.CAST_QUEUE_MS + DEADLINE_MARGIN_MS,
    freeFuelDaily: config.FREE_FUEL_DAILY,
    ...limitSettings(config),
  };
  const [admission] = await admitCasts(db.sql, [request], settings, clock.offsetMs);
  if (admission === undefined) throw new Error("admission gave no answer");
  if (admission.decision !== "unauthenticated") {
    const isOver = admission.decision === "rate_limited";
    onCount({ isOver, remaining: admission.remaining, resetMs: admission.resetMs });
  }
  return admission.decision === "admitted" ? { ...admission, seed } : refuse(platform, admission);
}
