import { z } from "zod";

/** What may be shown of the card on file. */
export const paymentMethodView = z.object({
  brand: z.string(),
  last4: z.string(),
  exp_month: z.int(),
  exp_year: z.int(),
});
export type PaymentMethodView = z.output<typeof paymentMethodView>;

const stripeId = (prefix: string) => z.string().regex(new RegExp(`^${prefix}_[A-Za-z0-9_]{1,200}$`));

/** A set-up that succeeded: the one that was begun here, or the one of Stripe's page. */
export const setPaymentMethodInput = z
  .strictObject({
    setup_intent_id: stripeId("seti").optional().describe("Of `POST /v1/billing/setup-intent`, `seti_...`."),
    checkout_session_id: stripeId("cs").optional().describe("Of `POST /v1/billing/checkout`, `cs_...`."),
  })
  .refine((input) => (input.setup_intent_id === undefined) !== (input.checkout_session_id === undefined), {
    message: "name either setup_intent_id or checkout_session_id",
  });
export type SetPaymentMethodInput = z.output<typeof setPaymentMethodInput>;
