import { expect, test } from "vitest";
import {
  KeyAlreadyMade,
  SessionRequired,
  Busy,
  AccountClosing,
  CastInProgress,
  CastInterrupted,
  CastNotQueued,
  DatabaseUnavailable,
  ERROR_NAMES,
  ForbiddenOrigin,
  FreeFuelExhausted,
  IdempotencyMismatch,
  GrantExceeded,
  InsufficientScope,
  InvalidRequest,
  LimitExceeded,
  MalformedBody,
  MaxCostExceeded,
  MethodNotAllowed,
  NotFound,
  PayloadTooLarge,
  PriceChanged,
  type ProductError,
  RateLimited,
  SpellFailed,
  Unauthenticated,
  UnsupportedMediaType,
  WallTimeExceeded,
  type LimitFacts,
} from "../errors.ts";
import {
  BillingUnavailable,
  CardDeclined,
  InvalidSignature,
  SetupIncomplete,
  StripeUnavailable,
} from "../billing-errors.ts";
import { CATALOG } from "./catalog.ts";
import { describe, retryAfterSeconds } from "./describe.ts";

const FACTS: LimitFacts = {
  limitSource: "budget",
  period: "monthly",
  hardMicros: 100_000,
  settledMicros: 60_000,
  heldMicros: 30_000,
  requiredMicros: 20_000,
};
const FAILED = {
  castId: "cast-1",
  errorCode: "WASM_TRAP",
  detail: "The spell trapped: unreachable.",
  log: "why",
  costMicros: 30_000,
  fuelUsed: 20_000_000,
} as const;

/** One error of every class and name there is, with the status the interface promises. */
const EVERY_ERROR: readonly (readonly [number, string, ProductError])[] = [
  [400, "invalid_request", new InvalidRequest([{ field: "payload", message: "is required" }])],
  [400, "malformed_body", new MalformedBody("The body is not valid JSON.")],
  [413, "payload_too_large", new PayloadTooLarge(1_024)],
  [415, "unsupported_media_type", new UnsupportedMediaType()],
  [400, "invalid_signature", new InvalidSignature()],
  [401, "unauthenticated", new Unauthenticated()],
  [403, "forbidden_origin", new ForbiddenOrigin()],
  [403, "insufficient_scope", new InsufficientScope("keys")],
  [403, "session_required", new SessionRequired()],
  [403, "grant_exceeded", new GrantExceeded("expires_at")],
  [404, "route_not_found", new NotFound("route_not_found")],
  [405, "method_not_allowed", new MethodNotAllowed(["GET"])],
  [404, "spell_not_found", new NotFound("spell_not_found")],
  [404, "cast_not_found", new NotFound("cast_not_found")],
  [404, "key_not_found", new NotFound("key_not_found")],
  [404, "budget_not_found", new NotFound("budget_not_found")],
  [404, "session_not_found", new NotFound("session_not_found")],
  [404, "person_not_found", new NotFound("person_not_found")],
  [404, "payment_method_not_found", new NotFound("payment_method_not_found")],
  [404, "setup_not_found", new NotFound("setup_not_found")],
  [409, "setup_incomplete", new SetupIncomplete("requires_action")],
  [409, "key_already_made", new KeyAlreadyMade()],
  [409, "cast_not_queued", new CastNotQueued()],
  [409, "account_closing", new AccountClosing()],
  [409, "cast_in_progress", new CastInProgress("cast-1")],
  [422, "idempotency_mismatch", new IdempotencyMismatch()],
  [429, "rate_limited", new RateLimited({ limit: 60, resetMs: 30_000 })],
  [429, "free_fuel_exhausted", new FreeFuelExhausted(3_600_000)],
  [402, "budget_exceeded", new LimitExceeded("budget_exceeded", FACTS)],
  [402, "key_limit_exceeded", new LimitExceeded("key_limit_exceeded", FACTS)],
  [402, "max_cost_exceeded", new MaxCostExceeded({ hardMicros: 10_000, requiredMicros: 20_000 })],
  [402, "payment_method_required", new LimitExceeded("payment_method_required", FACTS)],
  [402, "card_declined", new CardDeclined("expired_card")],
  [402, "price_changed", new PriceChanged(20_000)],
  [422, "spell_failed", new SpellFailed(FAILED)],
  [408, "wall_time_exceeded", new WallTimeExceeded({ castId: "cast-1", wallMs: 500, log: "" })],
  [503, "cast_interrupted", new CastInterrupted("cast-1")],
  [503, "busy", new Busy()],
  [503, "database_unavailable", new DatabaseUnavailable()],
  [503, "stripe_unavailable", new StripeUnavailable()],
  [501, "billing_unavailable", new BillingUnavailable()],
];

test("every name has an error here, but for the one of what is unknown", () => {
  expect([...EVERY_ERROR.map(([, name]) => name), "internal"]).toEqual(ERROR_NAMES);
});

test.each(EVERY_ERROR)("status %d goes with %s, and its members agree", (status, name, error) => {
  const description = describe(error);
  expect(description).toMatchObject({ status, error: name, detail: error.message });
  expect(description.detail).not.toBe("");
  expect(CATALOG[error.error]).toMatchObject({
    status,
    title: description.title,
    category: description.category,
  });
});

test.each(EVERY_ERROR.filter(([, name]) => !["spell_failed", "wall_time_exceeded"].includes(name)))(
  "%d %s has its name in capitals as its code",
  (_status, name, error) => {
    expect(describe(error).error_code).toBe(name.toUpperCase());
  },
);

test("every name has an entry of its own that says what it means and what to do", () => {
  expect(Object.keys(CATALOG).sort()).toEqual([...ERROR_NAMES].sort());
  for (const { status, title, explanation, remedy } of Object.values(CATALOG)) {
    expect(status).toBeGreaterThanOrEqual(400);
    for (const sentence of [title, explanation, remedy]) expect(sentence.trim().length).toBeGreaterThan(3);
  }
  const explanations = Object.values(CATALOG).map(({ explanation }) => explanation);
  expect(new Set(explanations).size).toBe(ERROR_NAMES.length);
});

const SECRET = "postgres://app:hunter2@db/spell";

class Pretender extends Error {
  readonly error = "busy";
  readonly status = 200;
  readonly log = SECRET;
}

test.each([
  ["an error", new Error(SECRET, { cause: new Error(SECRET) })],
  ["a type error", new TypeError(SECRET)],
  ["an error that looks like ours", new Pretender(SECRET)],
  [
    "an object that looks like ours",
    { error: "spell_failed", errorCode: SECRET, message: SECRET, status: 418 },
  ],
  ["a text", SECRET],
  ["nothing", undefined],
  ["null", null],
])("%s that is not ours tells nothing but that something failed", (_what, thrown) => {
  expect(describe(thrown)).toEqual({
    title: "Internal server error",
    status: 500,
    detail: "Internal server error",
    error: "internal",
    error_code: "INTERNAL",
    category: "TRANSIENT_RUNTIME",
  });
});

test("what made the database unreachable stays inside", () => {
  expect(JSON.stringify(describe(new DatabaseUnavailable(new Error(SECRET))))).not.toContain("hunter2");
});

test("no description carries a stack or the error itself", () => {
  for (const [, , error] of EVERY_ERROR) {
    const text = JSON.stringify(describe(error));
    expect(text).not.toContain("describe.test.ts");
    expect(Object.keys(describe(error))).not.toContain("stack");
  }
});

test("a refusal gives its figures in cents: what limits rounded down, what is spent or needed rounded up", () => {
  const facts = {
    ...FACTS,
    hardMicros: 109_999,
    settledMicros: 1,
    heldMicros: 10_001,
    requiredMicros: 99_999,
  };
  expect(
    describe(new LimitExceeded("key_limit_exceeded", { ...facts, limitSource: "key", period: "daily" })),
  ).toMatchObject({
    limit_source: "key",
    period: "daily",
    hard_limit_cents: 10,
    spent_cents: 1,
    reserved_cents: 2,
    required_cents: 10,
    remedy: CATALOG.key_limit_exceeded.remedy,
  });
});

test("figures of whole cents are not moved by rounding, and nothing is zero", () => {
  expect(describe(new LimitExceeded("budget_exceeded", { ...FACTS, settledMicros: 0 }))).toMatchObject({
    hard_limit_cents: 10,
    spent_cents: 0,
    reserved_cents: 3,
    required_cents: 2,
  });
});

test("a caller's own maximum is described like any other limit", () => {
  expect(describe(new MaxCostExceeded({ hardMicros: 19_999, requiredMicros: 20_001 }))).toMatchObject({
    limit_source: "max_cost",
    period: null,
    hard_limit_cents: 1,
    spent_cents: 0,
    reserved_cents: 0,
    required_cents: 3,
    remedy: CATALOG.max_cost_exceeded.remedy,
  });
});

test("each error goes out with the facts a caller can act on", () => {
  const fields = [
    { field: "limit", message: "is too big" },
    { field: "", message: "is no object" },
  ];
  expect(describe(new InvalidRequest(fields))).toMatchObject({
    fields,
    detail: "limit: is too big; is no object",
  });
  expect(describe(new PayloadTooLarge(1_024))).toMatchObject({ limit_bytes: 1_024 });
  expect(describe(new InsufficientScope("keys"))).toMatchObject({ scope: "keys" });
  expect(describe(new CastInterrupted("cast-1"))).toMatchObject({ cast_id: "cast-1" });
  expect(describe(new SpellFailed(FAILED))).toMatchObject({
    error_code: "WASM_TRAP",
    cast_id: "cast-1",
    cost_micros: 30_000,
    cost_cents: 3,
    fuel_used: 20_000_000,
    log: "why",
  });
  expect(describe(new FreeFuelExhausted(3_600_000))).toMatchObject({ retry_after: 3_600 });
  expect(describe(new WallTimeExceeded({ castId: "cast-1", wallMs: 500, log: "why" }))).toMatchObject({
    error_code: "WALL_TIME",
    cast_id: "cast-1",
    log: "why",
  });
});

test.each([
  [60_000, 60],
  [1_001, 2],
  [1_000, 1],
  [1, 1],
  [0, 1],
  [-5, 1],
])("%d ms until the next minute are whole seconds, rounded up, and never none", (resetMs, seconds) => {
  const error = new RateLimited({ limit: 60, resetMs });
  expect(retryAfterSeconds(error)).toBe(seconds);
  expect(describe(error)).toMatchObject({ retry_after: seconds });
});

test("waiting is suggested only where it helps", () => {
  const suggested = EVERY_ERROR.filter(([, , error]) => retryAfterSeconds(error) !== null).map(
    ([status]) => status,
  );
  expect(new Set(suggested)).toEqual(new Set([429, 503]));
  expect(suggested).toHaveLength(EVERY_ERROR.filter(([status]) => status === 429 || status === 503).length);
  for (const unknown of [new Error("x"), null, { error: "busy" }])
    expect(retryAfterSeconds(unknown)).toBeNull();
});
