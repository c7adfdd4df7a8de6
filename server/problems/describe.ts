/** What of an error goes out, whatever the transport. What is no ProductError stays private. */
import { CardDeclined, SetupIncomplete } from "../billing-errors.ts";
import { MICROS_PER_CENT } from "../context.ts";
import {
  FreeFuelExhausted,
  GrantExceeded,
  InsufficientScope,
  InvalidRequest,
  LimitExceeded,
  MaxCostExceeded,
  PayloadTooLarge,
  PriceChanged,
  ProductError,
  RateLimited,
  SpellFailed,
  WallTimeExceeded,
  CastInProgress,
  CastInterrupted,
  type ErrorName,
} from "../errors.ts";
import { CATALOG, type Category } from "./catalog.ts";

/** The members that every answer to an error has, besides those of its own facts. */
export interface Description {
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly error: ErrorName;
  readonly error_code: string;
  readonly category: Category;
  readonly [fact: string]: unknown;
}

const centsUp = (micros: number) => Math.ceil(micros / MICROS_PER_CENT);
const centsDown = (micros: number) => Math.floor(micros / MICROS_PER_CENT);

/** The facts a caller can act on, by their names on the wire. */
function factsOf(error: ProductError): Readonly<Record<string, unknown>> {
  if (error instanceof InvalidRequest) return { fields: error.fields };
  if (error instanceof PayloadTooLarge) return { limit_bytes: error.limitBytes };
  if (error instanceof InsufficientScope) return { scope: error.scope };
  if (error instanceof GrantExceeded) return { field: error.field };
  if (error instanceof RateLimited || error instanceof FreeFuelExhausted) {
    return { retry_after: retryAfterSeconds(error) };
  }
  if (error instanceof LimitExceeded) {
    return {
      limit_source: error.facts.limitSource,
      remedy: CATALOG[error.error].remedy,
      period: error.facts.period,
      hard_limit_cents: centsDown(error.facts.hardMicros),
      spent_cents: centsUp(error.facts.settledMicros),
      reserved_cents: centsUp(error.facts.heldMicros),
      required_cents: centsUp(error.facts.requiredMicros),
    };
  }
  if (error instanceof CardDeclined) return { decline_code: error.declineCode };
  if (error instanceof SetupIncomplete) return { setup_status: error.setupStatus };
  if (error instanceof MaxCostExceeded) {
    return {
      limit_source: "max_cost",
      remedy: CATALOG.max_cost_exceeded.remedy,
      period: null,
      hard_limit_cents: centsDown(error.hardMicros),
      spent_cents: 0,
      reserved_cents: 0,
      required_cents: centsUp(error.requiredMicros),
    };
  }
  if (error instanceof PriceChanged) {
    return {
      limit_source: "price",
      remedy: CATALOG.price_changed.remedy,
      period: null,
      hard_limit_cents: null,
      spent_cents: 0,
      reserved_cents: 0,
      required_cents: centsUp(error.requiredMicros),
    };
  }
  if (error instanceof SpellFailed) {
    return {
      error_code: error.errorCode,
      cast_id: error.castId,
      cost_cents: centsUp(error.costMicros),
      cost_micros: error.costMicros,
      fuel_used: error.fuelUsed,
      log: error.log,
    };
  }
  if (error instanceof WallTimeExceeded)
    return { error_code: "WALL_TIME", cast_id: error.castId, log: error.log };
  if (error instanceof CastInterrupted || error instanceof CastInProgress) return { cast_id: error.castId };
  return {};
}

/** Seconds after which the same request may succeed; null where waiting does not help. */
export function retryAfterSeconds(error: unknown): number | null {
  if (error instanceof RateLimited || error instanceof FreeFuelExhausted) {
    return Math.max(Math.ceil(error.resetMs / 1_000), 1);
  }
  return error instanceof ProductError && CATALOG[error.error].status === 503 ? 1 : null;
}

/** Describes any thrown value for a caller. */
export function describe(thrown: unknown): Description {
  const error: ErrorName = thrown instanceof ProductError ? thrown.error : "internal";
  const { title, status, category } = CATALOG[error];
  return {
    title,
    status,
    detail: thrown instanceof ProductError ? thrown.message : "Internal server error",
    error,
    error_code: error.toUpperCase(),
    category,
    ...(thrown instanceof ProductError ? factsOf(thrown) : {}),
  };
}
