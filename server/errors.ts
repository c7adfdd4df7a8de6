/**
 * The one family of errors that verbs throw. Each has a name that is part of the API and carries its facts;
 * what they look like on a wire is each transport's business. Anything else thrown is a bug and stays private.
 */
import type { Scope } from "./context.ts";
import type { LimitSource } from "./db/casts.ts";
import { ERROR_NAMES, type ErrorName } from "./error-names.ts";

export { ERROR_NAMES, type ErrorName };

/** The base of the family. `message` is written for the caller; it never holds secrets, SQL or paths. */
export abstract class ProductError extends Error {
  abstract readonly error: ErrorName;
  override get name(): string {
    return this.constructor.name;
  }
}

export interface FieldProblem {
  /** Dotted path in the body, or the name of a parameter. */
  readonly field: string;
  readonly message: string;
}

export class InvalidRequest extends ProductError {
  readonly error = "invalid_request";
  readonly fields: readonly FieldProblem[];
  constructor(fields: readonly FieldProblem[]) {
    super(fields.map((f) => (f.field === "" ? f.message : `${f.field}: ${f.message}`)).join("; "));
    this.fields = fields;
  }
}

/** Errors that are their sentence: no further facts. */
export class MalformedBody extends ProductError {
  readonly error = "malformed_body";
}

export class PayloadTooLarge extends ProductError {
  readonly error = "payload_too_large";
  readonly limitBytes: number;
  constructor(limitBytes: number) {
    super(`The body or payload is larger than ${limitBytes} bytes.`);
    this.limitBytes = limitBytes;
  }
}

export class UnsupportedMediaType extends ProductError {
  readonly error = "unsupported_media_type";
  constructor() {
    super("Send the body as JSON, with the header Content-Type: application/json.");
  }
}

export class Unauthenticated extends ProductError {
  readonly error = "unauthenticated";
  constructor(message = "Send a valid API key or session as Authorization: Bearer ...") {
    super(message);
  }
}

export class ForbiddenOrigin extends ProductError {
  readonly error = "forbidden_origin";
  constructor() {
    super("A request that relies on the session cookie must come from the portal's own pages.");
  }
}

export class InsufficientScope extends ProductError {
  readonly error = "insufficient_scope";
  readonly scope: Scope;
  constructor(scope: Scope) {
    super(`This needs the scope ${scope}, which the key does not have.`);
    this.scope = scope;
  }
}

export class SessionRequired extends ProductError {
  readonly error = "session_required";
  constructor() {
    super("This is for a signed-in person; a key cannot do it, whatever its scopes.");
  }
}

const BEYOND_GRANT = {
  expires_at: "A key that expires gives nothing that outlives it.",
  monthly_limit_cents:
    "A key with a monthly limit, or without the scope cast, lets no key spend more: that would be beside its own limit.",
} as const;

/** A key was to be given more than the key that asks has itself. Scopes have an error of their own. */
export class GrantExceeded extends ProductError {
  readonly error = "grant_exceeded";
  readonly field: keyof typeof BEYOND_GRANT;
  constructor(field: keyof typeof BEYOND_GRANT) {
    super(BEYOND_GRANT[field]);
    this.field = field;
  }
}

const MISSING = {
  route_not_found: "There is nothing at this address.",
  spell_not_found: "No active spell, or no active version of it, has this name.",
  cast_not_found: "You have no cast with this id.",
  key_not_found: "You have no active key with this prefix.",
  budget_not_found: "This account has neither a card nor a budget.",
  session_not_found: "You have no session with this id.",
  person_not_found: "This account belongs to the platform, not to a person.",
  payment_method_not_found: "This account has no card on file.",
  setup_not_found: "You have no card set-up of this id, or its card is not yours to use any more.",
} as const;

export class NotFound extends ProductError {
  readonly error: keyof typeof MISSING;
  constructor(error: keyof typeof MISSING) {
    super(MISSING[error]);
    this.error = error;
  }
}

/** A form was sent again that has made its key before. */
export class KeyAlreadyMade extends ProductError {
  readonly error = "key_already_made";
  constructor() {
    super(
      "This form has made its key already, whose text was shown once. Open the form anew to make another.",
    );
  }
}

export class MethodNotAllowed extends ProductError {
  readonly error = "method_not_allowed";
  readonly allowed: readonly string[];
  constructor(allowed: readonly string[]) {
    super(`This address takes ${allowed.join(", ")}.`);
    this.allowed = allowed;
  }
}

export class RateLimited extends ProductError {
  readonly error = "rate_limited";
  readonly limit: number;
  readonly resetMs: number;
  constructor(facts: { limit: number; resetMs: number }) {
    super(
      `More than ${facts.limit} requests in a minute. Try again in ${Math.max(Math.ceil(facts.resetMs / 1_000), 1)} s.`,
    );
    this.limit = facts.limit;
    this.resetMs = facts.resetMs;
  }
}

/** The account used up the day's fuel that nobody pays for. */
export class FreeFuelExhausted extends ProductError {
  readonly error = "free_fuel_exhausted";
  /** Until midnight UTC. */
  readonly resetMs: number;
  constructor(resetMs: number) {
    super("The account used up today's free fuel, by casts that cost nothing or did not complete.");
    this.resetMs = resetMs;
  }
}

export interface LimitFacts {
  readonly limitSource: LimitSource;
  readonly period: "daily" | "monthly";
  readonly hardMicros: number;
  readonly settledMicros: number;
  readonly heldMicros: number;
  readonly requiredMicros: number;
}

const LIMIT_SENTENCES = {
  budget_exceeded: "This cast does not fit the account's budget.",
  key_limit_exceeded: "This cast does not fit the key's own limit.",
  payment_method_required: "This cast does not fit what an account without a card may spend.",
} as const;

/** An account's, key's or allowance's limit would be passed. Nothing was held or charged. */
export class LimitExceeded extends ProductError {
  readonly error: keyof typeof LIMIT_SENTENCES;
  readonly facts: LimitFacts;
  constructor(error: keyof typeof LIMIT_SENTENCES, facts: LimitFacts) {
    super(LIMIT_SENTENCES[error]);
    this.error = error;
    this.facts = facts;
  }
}

/** The caller's own `max_cost_cents` does not buy this cast. */
export class MaxCostExceeded extends ProductError {
  readonly error = "max_cost_exceeded";
  readonly hardMicros: number;
  readonly requiredMicros: number;
  constructor(facts: { hardMicros: number; requiredMicros: number }) {
    super("This cast costs more than the max_cost_cents it was sent with.");
    this.hardMicros = facts.hardMicros;
    this.requiredMicros = facts.requiredMicros;
  }
}

/** The newest version costs more than what this account last paid for the spell, and the request did not agree to it. */
export class PriceChanged extends ProductError {
  readonly error = "price_changed";
  readonly requiredMicros: number;
  constructor(requiredMicros: number) {
    super(
      "The spell's newest version costs more than the one you cast last. Send max_cost_cents, or pin a version.",
    );
    this.requiredMicros = requiredMicros;
  }
}

/** The `Idempotency-Key` stands for a request with another path or body. */
export class IdempotencyMismatch extends ProductError {
  readonly error = "idempotency_mismatch";
  constructor() {
    super("This Idempotency-Key was used with another request. Use a new key for a new request.");
  }
}

/** Its card is being removed: what is owed is invoiced first, and nothing that costs may begin meanwhile. */
export class AccountClosing extends ProductError {
  readonly error = "account_closing";
  constructor() {
    super("This account's card is being removed. Ask again when that is done.");
  }
}

/** The first request with this `Idempotency-Key` has not been answered yet. */
export class CastInProgress extends ProductError {
  readonly error = "cast_in_progress";
  readonly castId: string;
  constructor(castId: string) {
    super("The first request with this Idempotency-Key still runs. Ask again shortly.");
    this.castId = castId;
  }
}

/** Only a cast that waits can be called off. */
export class CastNotQueued extends ProductError {
  readonly error = "cast_not_queued";
  constructor() {
    super("This cast is not queued any more: it runs, or has ended.");
  }
}

/** How a program can fail by its own doing; the caller pays nothing. */
export const SPELL_ERROR_CODES = [
  "INVALID_INPUT",
  "WASM_TRAP",
  "WASM_EXIT_NONZERO",
  "MEMORY_LIMIT",
  "STACK_EXHAUSTED",
  "FUEL_EXHAUSTED",
  "OUTPUT_LIMIT",
  "INVALID_OUTPUT",
] as const;

export type SpellErrorCode = (typeof SPELL_ERROR_CODES)[number];

export interface SpellFailure {
  readonly castId: string;
  readonly errorCode: SpellErrorCode;
  readonly detail: string;
  readonly log: string;
  readonly costMicros: number;
  readonly fuelUsed: number;
}

export class SpellFailed extends ProductError {
  readonly error = "spell_failed";
  readonly castId: string;
  readonly errorCode: SpellErrorCode;
  /** What the program wrote to stderr, as text. */
  readonly log: string;
  /** 0, unless the caller's own cap was used up. */
  readonly costMicros: number;
  readonly fuelUsed: number;
  constructor(facts: SpellFailure) {
    super(facts.detail);
    this.castId = facts.castId;
    this.errorCode = facts.errorCode;
    this.log = facts.log;
    this.costMicros = facts.costMicros;
    this.fuelUsed = facts.fuelUsed;
  }
}

export class WallTimeExceeded extends ProductError {
  readonly error = "wall_time_exceeded";
  readonly castId: string;
  readonly log: string;
  constructor(facts: { castId: string; wallMs: number; log: string }) {
    super(`The spell was stopped at its limit of ${facts.wallMs} ms of wall time. Nothing was charged.`);
    this.castId = facts.castId;
    this.log = facts.log;
  }
}

/** The platform lost the cast, through no fault of the spell or its caller. */
export class CastInterrupted extends ProductError {
  readonly error = "cast_interrupted";
  readonly castId: string;
  constructor(castId: string) {
    super("The cast was interrupted before it could be settled. Nothing was charged; cast again.");
    this.castId = castId;
  }
}

export class Busy extends ProductError {
  readonly error = "busy";
  constructor() {
    super("Every thread is taken and the queue is full. Nothing was charged; try again shortly.");
  }
}

export class DatabaseUnavailable extends ProductError {
  readonly error = "database_unavailable";
  constructor(cause?: unknown) {
    super("The database cannot be reached at the moment. Try again shortly.", { cause });
  }
}
