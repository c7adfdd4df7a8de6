import { TRPCError } from "@trpc/server";
import { expect, test } from "vitest";
import { refusalOf } from "./refusal.server.ts";

test.for([
  ["TOO_MANY_REQUESTS", "rate"],
  ["PAYMENT_REQUIRED", "limit"],
  ["BAD_REQUEST", "tooLong"],
  ["UNPROCESSABLE_CONTENT", "failed"],
  ["TIMEOUT", "failed"],
  ["SERVICE_UNAVAILABLE", "busy"],
] as const)("%s is shown as %s", ([code, refusal]) => {
  expect(refusalOf(new TRPCError({ code }))).toBe(refusal);
});

test("what is no error of the caller is not the visitor's doing", () => {
  expect(refusalOf(new Error("unknown"))).toBe("busy");
});
