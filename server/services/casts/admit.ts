import { hash } from "node:crypto";
import { MICROS_PER_CENT, type Credential, type Platform } from "../../context.ts";
import type { Admission, Idempotency } from "../../db/casts.ts";
import type { RateCount } from "../../db/requests.ts";
import {
  AccountClosing,
  CastInProgress,
  FreeFuelExhausted,
  IdempotencyMismatch,
  InsufficientScope,
  LimitExceeded,
  MaxCostExceeded,
  NotFound,
  PriceChanged,
  RateLimited,
  Unauthenticated,
} from "../../errors.ts";
import type { CastSpellInput } from "./cast-input.ts";
import type { RunnableCast } from "./run.ts";

type Decided<Decision extends Admission["decision"]> = Extract<Admission, { decision: Decision }>;
type Refusal = Exclude<Admission, { decision: "admitted" | "repeated" | "queued_before" }>;

/** A cast with its hold, or the one that an earlier request with the same `Idempotency-Key` began. */
export type Admitted =
  | { readonly kind: "new"; readonly cast: RunnableCast }
  | { readonly kind: "repeated"; readonly firstCastId: string }
  | { readonly kind: "queued-before"; readonly firstCastId: string };

/** Sees the account's rate count as soon as admission has made it, also when the cast is refused. */
export type OnCount = (rate: RateCount) => void;

export interface AdmitOptions {
  readonly onCount?: OnCount | undefined;
  readonly idempotency?: Idempotency | undefined;
  /** The cast's input goes with it, and a worker will run it. */
  readonly isQueued: boolean;
}

/** Throws what a refusal means to the caller. */
function refuse({ config, metrics }: Platform, refusal: Refusal): never {
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
    case "idempotency_mismatch":
      throw new IdempotencyMismatch();
    case "in_progress":
      throw new CastInProgress(refusal.firstCastId);
    case "spell_not_found":
      throw new NotFound("spell_not_found");
    case "price_changed":
      metrics.budgetBlocked.inc({ reason: refusal.decision });
      throw new PriceChanged(refusal.requiredMicros);
    case "max_cost_exceeded":
      metrics.budgetBlocked.inc({ reason: refusal.decision });
      throw new MaxCostExceeded(refusal);
    case "account_closing":
      metrics.budgetBlocked.inc({ reason: refusal.decision });
      throw new AccountClosing();
    case "budget_exceeded":
    case "key_limit_exceeded":
    case "payment_method_required":
      metrics.budgetBlocked.inc({ reason: refusal.decision });
      throw new LimitExceeded(refusal.decision, refusal);
  }
}

const runnable = (
  admission: Decided<"admitted">,
  { accountId }: Credential,
  seed: Uint8Array,
): RunnableCast => ({
  castId: admission.castId,
  accountId,
  versionId: admission.versionId,
  fuelLimit: admission.fuelLimit,
  admittedAtMicros: admission.admittedAtMicros,
  seed,
});

/**
 * Asks for a hold, together with the casts that ask meanwhile: key state, scope, rate, version and limits are decided
 * together in the database.
 * @throws Unauthenticated, RateLimited, FreeFuelExhausted, InsufficientScope, NotFound, PriceChanged, MaxCostExceeded,
 * LimitExceeded, AccountClosing, IdempotencyMismatch, CastInProgress
 */
export async function admit(
  platform: Platform,
  credential: Credential,
  input: CastSpellInput,
  stdin: Uint8Array,
  { onCount, idempotency, isQueued }: AdmitOptions,
): Promise<Admitted> {
  const { batches, random } = platform;
  const seed = random.bytes(32);
  const admission = await batches.admit({
    ...credential,
    castId: random.id(),
    spell: input.spell_name,
    version: input.version ?? null,
    maxCostMicros: input.max_cost_cents === undefined ? null : input.max_cost_cents * MICROS_PER_CENT,
    seed,
    inputDigest: hash("sha256", stdin, "buffer"),
    idempotency: idempotency ?? null,
    stdin: isQueued ? stdin : null,
  });
  if (admission.decision !== "unauthenticated") {
    const isOver = admission.decision === "rate_limited";
    onCount?.({ isOver, remaining: admission.remaining, resetMs: admission.resetMs });
  }
  switch (admission.decision) {
    case "admitted":
      return { kind: "new", cast: runnable(admission, credential, seed) };
    case "repeated":
      return { kind: "repeated", firstCastId: admission.firstCastId };
    case "queued_before":
      return { kind: "queued-before", firstCastId: admission.firstCastId };
    default:
      return refuse(platform, admission);
  }
}
