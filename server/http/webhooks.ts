/** Where Stripe tells us what happened. Who can sign as Stripe is not counted; who cannot is counted as a stranger. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import { createMiddleware } from "hono/factory";
import { InvalidSignature } from "../billing-errors.ts";
import type { Platform } from "../context.ts";
import { createStripeEventStore } from "../db/stripe-events.ts";
import { MalformedBody, PayloadTooLarge } from "../errors.ts";
import { receiveEvent } from "../services/billing/events/receive.ts";
import type { Guards } from "./credentials.ts";
import type { HttpEnvironment } from "./environment.ts";
import { limitBody } from "./limit-body.ts";

export const WEBHOOK_PATHS: readonly string[] = ["/webhooks/stripe", "/v1/webhooks/stripe"];

const MAX_BYTES = 256 * 1_024;

const isStrange = (error: unknown): boolean =>
  error instanceof InvalidSignature || error instanceof PayloadTooLarge || error instanceof MalformedBody;

/** Without the secret that Stripe signs with, nothing is there. */
export function registerWebhooks(
  app: OpenAPIHono<HttpEnvironment>,
  { platform, guards }: { readonly platform: Platform; readonly guards: Guards },
): void {
  const { STRIPE_WEBHOOK_SECRET: secrets } = platform.config;
  if (secrets === undefined) return;
  const receiver = { ...platform, secrets, store: createStripeEventStore(platform.db.sql) };
  const countStrange = createMiddleware<HttpEnvironment>(async (c, next) => {
    await next();
    if (isStrange(c.error)) await guards.countVisitor(c);
  });
  for (const path of WEBHOOK_PATHS)
    app.post(path, countStrange, limitBody(MAX_BYTES), async (c) => {
      const body = new Uint8Array(await c.req.arrayBuffer());
      const signature = c.req.header("Stripe-Signature") ?? "";
      await receiveEvent(receiver, { body, signature });
      return c.json({ received: true });
    });
}
