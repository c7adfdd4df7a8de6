import { TRPCError } from "@trpc/server";

/** Why a visitor's cast gave no result, as far as it matters to them. */
export type Refusal = "empty" | "tooLong" | "rate" | "limit" | "busy" | "failed";

/** Reads the reason off the caller's error. */
export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof TRPCError)) return "busy";
  switch (error.code) {
    case "TOO_MANY_REQUESTS":
      return "rate";
    case "PAYMENT_REQUIRED":
      return "limit";
    case "BAD_REQUEST":
    case "PAYLOAD_TOO_LARGE":
      return "tooLong";
    case "UNPROCESSABLE_CONTENT":
    case "TIMEOUT":
      return "failed";
    default:
      return "busy";
  }
}
