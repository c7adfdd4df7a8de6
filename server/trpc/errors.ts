/** Errors on the tRPC wire: one code for each of our names, or it does not compile. */
import { TRPCError, type TRPC_ERROR_CODE_KEY } from "@trpc/server";
import { InvalidRequest, ProductError, type ErrorName } from "../errors.ts";

const CODES: Readonly<Record<ErrorName, TRPC_ERROR_CODE_KEY>> = {
  invalid_request: "BAD_REQUEST",
  malformed_body: "BAD_REQUEST",
  payload_too_large: "PAYLOAD_TOO_LARGE",
  unsupported_media_type: "UNSUPPORTED_MEDIA_TYPE",
  invalid_signature: "BAD_REQUEST",
  unauthenticated: "UNAUTHORIZED",
  forbidden_origin: "FORBIDDEN",
  insufficient_scope: "FORBIDDEN",
  session_required: "FORBIDDEN",
  grant_exceeded: "FORBIDDEN",
  route_not_found: "NOT_FOUND",
  method_not_allowed: "METHOD_NOT_SUPPORTED",
  spell_not_found: "NOT_FOUND",
  cast_not_found: "NOT_FOUND",
  key_not_found: "NOT_FOUND",
  budget_not_found: "NOT_FOUND",
  session_not_found: "NOT_FOUND",
  person_not_found: "NOT_FOUND",
  payment_method_not_found: "NOT_FOUND",
  setup_not_found: "NOT_FOUND",
  setup_incomplete: "CONFLICT",
  key_already_made: "CONFLICT",
  cast_not_queued: "CONFLICT",
  account_closing: "CONFLICT",
  cast_in_progress: "CONFLICT",
  idempotency_mismatch: "UNPROCESSABLE_CONTENT",
  rate_limited: "TOO_MANY_REQUESTS",
  free_fuel_exhausted: "TOO_MANY_REQUESTS",
  budget_exceeded: "PAYMENT_REQUIRED",
  key_limit_exceeded: "PAYMENT_REQUIRED",
  max_cost_exceeded: "PAYMENT_REQUIRED",
  payment_method_required: "PAYMENT_REQUIRED",
  card_declined: "PAYMENT_REQUIRED",
  price_changed: "PAYMENT_REQUIRED",
  spell_failed: "UNPROCESSABLE_CONTENT",
  wall_time_exceeded: "TIMEOUT",
  cast_interrupted: "SERVICE_UNAVAILABLE",
  busy: "SERVICE_UNAVAILABLE",
  database_unavailable: "SERVICE_UNAVAILABLE",
  stripe_unavailable: "SERVICE_UNAVAILABLE",
  billing_unavailable: "NOT_IMPLEMENTED",
  internal: "INTERNAL_SERVER_ERROR",
};

/** zod's error of a refused input, which tRPC wraps before our code sees it. */
function invalidInput(error: TRPCError): InvalidRequest | null {
  const { cause } = error;
  if (error.code !== "BAD_REQUEST" || !(cause instanceof Error) || !("issues" in cause)) return null;
  const issues = Array.isArray(cause.issues) ? (cause.issues as unknown[]) : [];
  return new InvalidRequest(
    issues.map((issue) => {
      const { path, message } = Object(issue) as { path?: unknown; message?: unknown };
      return { field: Array.isArray(path) ? path.join(".") : "", message: String(message) };
    }),
  );
}

/** A product error, thrown or wrapped, as tRPC's; the unknown says nothing of itself. */
export function toTrpcError(error: TRPCError): TRPCError {
  const cause = error.cause instanceof ProductError ? error.cause : invalidInput(error);
  if (cause !== null) return new TRPCError({ code: CODES[cause.error], message: cause.message, cause });
  if (error.code !== "INTERNAL_SERVER_ERROR") return error;
  return new TRPCError({ code: error.code, message: "Internal server error", cause: error.cause });
}
