/** Errors on the HTTP wire: `application/problem+json` (RFC 9457). The one place where they become responses. */
import { HTTPException } from "hono/http-exception";
import { isUnavailable } from "../db/failures.ts";
import {
  DatabaseUnavailable,
  InvalidRequest,
  MalformedBody,
  MethodNotAllowed,
  PayloadTooLarge,
  ProductError,
  UnsupportedMediaType,
  Unauthenticated,
} from "../errors.ts";
import { describe, retryAfterSeconds } from "../problems/describe.ts";

/** Hono's own exceptions and the driver's in our terms; everything else as it is. */
export function translate(thrown: unknown): unknown {
  if (thrown instanceof ProductError) return thrown;
  if (thrown instanceof HTTPException) {
    if (thrown.status === 415) return new UnsupportedMediaType();
    if (thrown.status === 400) return new MalformedBody("The body is not valid JSON.");
  }
  if (isUnavailable(thrown)) return new DatabaseUnavailable(thrown);
  return thrown;
}

/** The response to a translated error. `requestId` ties it to the log; `appUrl` is where the pages of `type` are. */
export function problemResponse(error: unknown, requestId: string, appUrl: string): Response {
  const description = describe(error);
  const headers = new Headers({ "Content-Type": "application/problem+json", "Cache-Control": "no-store" });
  const retryAfter = retryAfterSeconds(error);
  if (retryAfter !== null) headers.set("Retry-After", String(retryAfter));
  if (error instanceof MethodNotAllowed) headers.set("Allow", error.allowed.join(", "));
  // The rest of the body is not read: the connection cannot carry another request.
  if (error instanceof PayloadTooLarge) headers.set("Connection", "close");
  if (error instanceof Unauthenticated) headers.set("WWW-Authenticate", 'Bearer realm="spell"');
  const type = new URL(`/docs/errors/${description.error}`, appUrl).href;
  const body = { type, ...description, request_id: requestId };
  return new Response(JSON.stringify(body), { status: description.status, headers });
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** A failed validation as our error, each field listed. */
export const invalidRequest = (issues: readonly Issue[]): InvalidRequest =>
  new InvalidRequest(
    issues.map((issue) => ({ field: issue.path.map(String).join("."), message: issue.message })),
  );
