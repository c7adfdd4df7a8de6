/** What the contracts of all endpoints share: the problem schema, error responses by name, security, and mounting. */
import { z, type OpenAPIHono } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import type { Platform } from "../context.ts";
import { ERROR_NAMES, type ErrorName } from "../errors.ts";
import type { Guards } from "../http/credentials.ts";
import type { HttpEnvironment } from "../http/environment.ts";
import { CATALOG } from "../problems/catalog.ts";

/** What an endpoint is registered with. */
export interface RestParts {
  readonly app: OpenAPIHono<HttpEnvironment>;
  readonly platform: Platform;
  readonly guards: Guards;
  /** Refuses a body over the limit while it is read; stands after the guard of each endpoint that takes one. */
  readonly limitBody: MiddlewareHandler;
}

export const problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    error: z.enum(ERROR_NAMES),
    error_code: z.string(),
    category: z.enum(["NETWORK_RETRYABLE", "PERM_CONFIG", "TRANSIENT_RUNTIME", "PERM_RUNTIME"]),
    request_id: z.string(),
  })
  .openapi("Problem");

const ALWAYS = ["rate_limited", "database_unavailable", "internal"] as const satisfies readonly ErrorName[];
/** `busy`: too many keys are presented for the first time. */
export const AUTHENTICATED = ["unauthenticated", "forbidden_origin", "insufficient_scope", "busy"] as const;
export const BODY = [
  "invalid_request",
  "malformed_body",
  "payload_too_large",
  "unsupported_media_type",
] as const;
/** Of what asks Stripe. */
export const BILLING = ["stripe_unavailable", "billing_unavailable"] as const;

/** The error responses of an endpoint, grouped by status; those every endpoint can give are added. */
export function problems(...names: readonly ErrorName[]) {
  const byStatus = new Map<number, ErrorName[]>();
  for (const name of new Set<ErrorName>([...names, ...ALWAYS])) {
    const { status } = CATALOG[name];
    byStatus.set(status, [...(byStatus.get(status) ?? []), name]);
  }
  const responses = [...byStatus].map(([status, those]) => [
    status,
    {
      description: those.map((name) => `\`${name}\`: ${CATALOG[name].title}`).join("; "),
      content: { "application/problem+json": { schema: problem } },
    },
  ]);
  return Object.fromEntries(responses) as Record<string, { description: string }>;
}

/** A JSON body of this shape. */
export const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { "application/json": { schema } },
});

/** A required JSON body: without `required` an empty one would reach the handler as `{}`. */
export const jsonBody = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { required: true, content: { "application/json": { schema } } },
});

/** A JSON body that may be missing: what is read then is `{}`. A body of another kind is refused, never ignored. */
export const optionalJsonBody = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { required: false, content: { "application/json": { schema } } },
});

export const SIGNED_IN = [{ apiKey: [] }, { session: [] }];
