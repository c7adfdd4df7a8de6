/** What each error means, for the `type` pages and for every transport: one entry a name, or it does not compile. */
import type { ErrorName } from "../errors.ts";
import { BILLING_ERRORS } from "./billing-catalog.ts";
import type { Category, ErrorKind } from "./error-kind.ts";

export type { Category, ErrorKind };

export const CATALOG: Readonly<Record<ErrorName, ErrorKind>> = {
  invalid_request: {
    status: 400,
    title: "Invalid request",
    category: "PERM_CONFIG",
    explanation:
      "The body or a parameter has the wrong shape; `fields` names each place and what is wrong there.",
    remedy: "Correct the fields and send the request again.",
  },
  malformed_body: {
    status: 400,
    title: "Malformed body",
    category: "PERM_CONFIG",
    explanation: "The body is not valid JSON.",
    remedy: "Send one JSON text in UTF-8.",
  },
  payload_too_large: {
    status: 413,
    title: "Payload too large",
    category: "PERM_CONFIG",
    explanation: "The body, or the cast's payload as compact JSON, is over the limit.",
    remedy: "Send less; the limit is 1 MiB unless the operator set another.",
  },
  unsupported_media_type: {
    status: 415,
    title: "Unsupported media type",
    category: "PERM_CONFIG",
    explanation: "The request has a body of a kind that this address does not read.",
    remedy: "Send JSON with the header Content-Type: application/json.",
  },
  unauthenticated: {
    status: 401,
    title: "Not authenticated",
    category: "PERM_CONFIG",
    explanation: "There is no API key or session with the request, or it is mistyped, expired or revoked.",
    remedy: "Send a valid key as Authorization: Bearer sk_...",
  },
  forbidden_origin: {
    status: 403,
    title: "Forbidden origin",
    category: "PERM_CONFIG",
    explanation: "A change that relies on the session cookie came from a page of another site.",
    remedy: "Use the portal's own pages, or send an API key as a Bearer token.",
  },
  session_required: {
    status: 403,
    title: "A person is needed",
    category: "PERM_CONFIG",
    explanation: "Sessions and what a person says of themselves are managed by that person, signed in.",
    remedy: "Sign in to the portal.",
  },
  insufficient_scope: {
    status: 403,
    title: "Insufficient scope",
    category: "PERM_CONFIG",
    explanation: "The key is valid and lacks the scope that this needs.",
    remedy: "Use a key that has the scope, or make one with it.",
  },
  grant_exceeded: {
    status: 403,
    title: "More than the key has",
    category: "PERM_CONFIG",
    explanation:
      "A key can give another no later expiry than its own, and only one that spends without a limit can let another spend more. `field` says which.",
    remedy: "Ask for less, or do it signed in, or with a key that has no expiry and no limit.",
  },
  route_not_found: {
    status: 404,
    title: "Not found",
    category: "PERM_CONFIG",
    explanation: "There is nothing at this address.",
    remedy: "See the API reference for what there is.",
  },
  method_not_allowed: {
    status: 405,
    title: "Method not allowed",
    category: "PERM_CONFIG",
    explanation: "The address exists and does not take this method.",
    remedy: "Use one of the methods in the Allow header.",
  },
  spell_not_found: {
    status: 404,
    title: "Spell not found",
    category: "PERM_CONFIG",
    explanation: "No active spell has this name or key, or it has no active version of this number.",
    remedy: "Look the name up in the grimoire: GET /v1/spells.",
  },
  cast_not_found: {
    status: 404,
    title: "Cast not found",
    category: "PERM_CONFIG",
    explanation: "Your account has no cast with this id.",
    remedy: "List your casts: GET /v1/casts.",
  },
  key_not_found: {
    status: 404,
    title: "Key not found",
    category: "PERM_CONFIG",
    explanation: "Your account has no active key with this prefix.",
    remedy: "List your keys: GET /v1/keys.",
  },
  session_not_found: {
    status: 404,
    title: "Session not found",
    category: "PERM_CONFIG",
    explanation: "You have no session of this id; it may have ended already.",
    remedy: "Look at your sessions on the settings page.",
  },
  person_not_found: {
    status: 404,
    title: "No person",
    category: "PERM_CONFIG",
    explanation: "This account belongs to the platform itself, not to a person.",
    remedy: "Sign in as a person.",
  },
  key_already_made: {
    status: 409,
    title: "Key already made",
    category: "PERM_CONFIG",
    explanation: "This form has made its key before. A key's text is shown once.",
    remedy: "Open the form anew to make another key; revoke the one whose text you do not have.",
  },
  budget_not_found: {
    status: 404,
    title: "No budget",
    category: "PERM_CONFIG",
    explanation: "The account has neither a card nor a budget; only the monthly allowance bounds it.",
    remedy: "Set one with POST /v1/budgets.",
  },
  cast_not_queued: {
    status: 409,
    title: "Cast not queued",
    category: "PERM_RUNTIME",
    explanation: "A cast can be called off only while it waits in the queue; this one runs, or has ended.",
    remedy: "Look at its state: GET /v1/casts/{id}.",
  },
  account_closing: {
    status: 409,
    title: "Card being removed",
    category: "TRANSIENT_RUNTIME",
    explanation:
      "The account's card is being removed: what is owed is invoiced first, and nothing that costs may begin meanwhile.",
    remedy: "Send the same request again shortly. Without a card the monthly allowance bounds the account.",
  },
  cast_in_progress: {
    status: 409,
    title: "Cast in progress",
    category: "TRANSIENT_RUNTIME",
    explanation: "An earlier request with the same `Idempotency-Key` is still running. It is charged once.",
    remedy: "Send the same request again shortly; its answer will be the first one's.",
  },
  idempotency_mismatch: {
    status: 422,
    title: "Idempotency-Key reused",
    category: "PERM_CONFIG",
    explanation: "The `Idempotency-Key` was first used with another path or body.",
    remedy: "Use a new key for each new request, and the same one only to repeat it unchanged.",
  },
  rate_limited: {
    status: 429,
    title: "Too many requests",
    category: "NETWORK_RETRYABLE",
    explanation:
      "The account, or the address of a request without valid credentials, made too many in a minute.",
    remedy: "Wait as long as Retry-After says.",
  },
  free_fuel_exhausted: {
    status: 429,
    title: "Free fuel exhausted",
    category: "NETWORK_RETRYABLE",
    explanation:
      "Casts that cost nothing, and those that did not complete, are bounded by their fuel for each account and UTC day.",
    remedy: "Wait until midnight UTC, as long as `Retry-After` says.",
  },
  budget_exceeded: {
    status: 402,
    title: "Budget exceeded",
    category: "PERM_CONFIG",
    explanation:
      "What is spent, what running casts hold and this cast together pass the account's hard limit.",
    remedy: "Raise the limit, wait for the next period, or for running casts to end.",
  },
  key_limit_exceeded: {
    status: 402,
    title: "Key limit exceeded",
    category: "PERM_CONFIG",
    explanation: "This cast would pass the monthly limit of the key it was sent with.",
    remedy: "Raise the key's limit, or use another key.",
  },
  max_cost_exceeded: {
    status: 402,
    title: "Maximum cost exceeded",
    category: "PERM_CONFIG",
    explanation: "The cast costs more than the `max_cost_cents` it was sent with.",
    remedy: "Send a higher max_cost_cents, or none.",
  },
  payment_method_required: {
    status: 402,
    title: "Payment method required",
    category: "PERM_CONFIG",
    explanation: "An account without a card may spend a small allowance each month; this cast would pass it.",
    remedy: "Register a card.",
  },
  price_changed: {
    status: 402,
    title: "Price changed",
    category: "PERM_CONFIG",
    explanation:
      "The newest version of the spell has a higher price than the version this account completed a cast of last.",
    remedy: "Agree to a price with max_cost_cents, or pin the version you know.",
  },
  spell_failed: {
    status: 422,
    title: "Spell failed",
    category: "PERM_RUNTIME",
    explanation:
      "The program ended without a valid result; `error_code` says how. The cast cost nothing, unless it used up the fuel that its own `max_cost_cents` bought.",
    remedy: "Check the payload against the spell's input schema, and the log; else tell its maker.",
  },
  wall_time_exceeded: {
    status: 408,
    title: "Wall time exceeded",
    category: "TRANSIENT_RUNTIME",
    explanation: "The program was stopped at its limit of wall time. The cast cost nothing.",
    remedy: "Send a smaller payload, or try again.",
  },
  cast_interrupted: {
    status: 503,
    title: "Cast interrupted",
    category: "TRANSIENT_RUNTIME",
    explanation: "The platform lost the cast before it was settled. It cost nothing and has no result.",
    remedy: "Cast again.",
  },
  busy: {
    status: 503,
    title: "Busy",
    category: "TRANSIENT_RUNTIME",
    explanation:
      "Every thread is taken and the queue is full, or this process is leaving. Nothing was charged.",
    remedy: "Try again after Retry-After.",
  },
  database_unavailable: {
    status: 503,
    title: "Database unavailable",
    category: "TRANSIENT_RUNTIME",
    explanation: "The database, without which nothing is admitted or charged, cannot be reached.",
    remedy: "Try again after Retry-After.",
  },
  ...BILLING_ERRORS,
  internal: {
    status: 500,
    title: "Internal server error",
    category: "TRANSIENT_RUNTIME",
    explanation: "Something failed that should not have. It is logged under the request id.",
    remedy: "Try again; if it stays, report the request id.",
  },
};
