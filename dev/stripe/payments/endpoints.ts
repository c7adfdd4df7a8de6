import { z } from "zod";
import { defineEndpoint, type Endpoint } from "../api/endpoint.ts";
import { invalidRequest, missing } from "../api/error.ts";
import { listPage } from "../api/list.ts";
import {
  created,
  createdRange,
  mergeMetadata,
  metadata,
  pageParameters,
  positive,
  text,
} from "../api/parameters.ts";
import type { Context } from "../context.ts";
import { searchEndpoint } from "../search/endpoint.ts";
import { idOf } from "../store/id-of.ts";
import type { Kind, Kinds } from "../store/kinds.ts";
import { refundCharge } from "./refund.ts";

/** An object by its id, and nothing else. */
const retrieving = (kind: Kind, path: string, name: string): Endpoint =>
  defineEndpoint({
    method: "GET",
    path: `${path}/:id`,
    parameters: z.strictObject({}),
    run: ({ store }, _, { id }) => {
      const found = store.find(kind, id);
      if (found === null) throw missing(name, id);
      return found;
    },
  });

const refundParameters = z.strictObject({
  charge: text.optional(),
  payment_intent: text.optional(),
  amount: positive.optional(),
  reason: z.enum(["duplicate", "fraudulent", "requested_by_customer"]).optional(),
  metadata: metadata.optional(),
});

/** @throws Refusal when nothing was paid that could be given back */
function chargeOf({ store }: Context, sent: z.output<typeof refundParameters>): Kinds["charge"] {
  const intent = sent.payment_intent === undefined ? null : store.find("payment_intent", sent.payment_intent);
  if (sent.payment_intent !== undefined && intent === null)
    throw missing("payment_intent", sent.payment_intent, "payment_intent");
  const id = sent.charge ?? idOf(intent?.latest_charge);
  if (id === "") throw invalidRequest("This PaymentIntent does not have a successful charge to refund.");
  const charge = store.find("charge", id);
  if (charge === null) throw missing("charge", id, "charge");
  return charge;
}

export const PAYMENT_ENDPOINTS = [
  searchEndpoint("payment_intent", "/v1/payment_intents/search"),
  searchEndpoint("charge", "/v1/charges/search"),
  retrieving("payment_intent", "/v1/payment_intents", "payment_intent"),
  retrieving("charge", "/v1/charges", "charge"),
  retrieving("refund", "/v1/refunds", "refund"),
  retrieving("invoice_payment", "/v1/invoice_payments", "invoice_payment"),
  defineEndpoint({
    method: "GET",
    path: "/v1/payment_intents",
    parameters: z.strictObject({ customer: text.optional(), created, ...pageParameters }),
    run: (context, { customer, created: when, ...page }) =>
      listPage(context, "payment_intent", "/v1/payment_intents", page, {
        owner: customer,
        ...createdRange(when),
      }),
  }),
  defineEndpoint({
    method: "GET",
    path: "/v1/charges",
    parameters: z.strictObject({
      customer: text.optional(),
      payment_intent: text.optional(),
      created,
      ...pageParameters,
    }),
    run: (context, { customer, payment_intent, created: when, ...page }) =>
      listPage(context, "charge", "/v1/charges", page, {
        owner: payment_intent,
        equals: { customer },
        ...createdRange(when),
      }),
  }),
  defineEndpoint({
    method: "GET",
    path: "/v1/invoice_payments",
    parameters: z.strictObject({
      invoice: text.optional(),
      status: text.optional(),
      payment: z.strictObject({ type: text, payment_intent: text.optional() }).optional(),
      created,
      ...pageParameters,
    }),
    run: (context, { invoice, status, payment, created: when, ...page }) =>
      listPage(context, "invoice_payment", "/v1/invoice_payments", page, {
        owner: invoice,
        equals: { status, "payment.payment_intent": payment?.payment_intent },
        ...createdRange(when),
      }),
  }),
  defineEndpoint({
    method: "GET",
    path: "/v1/refunds",
    parameters: z.strictObject({
      charge: text.optional(),
      payment_intent: text.optional(),
      created,
      ...pageParameters,
    }),
    run: (context, { charge, payment_intent, created: when, ...page }) =>
      listPage(context, "refund", "/v1/refunds", page, {
        owner: charge,
        equals: { payment_intent },
        ...createdRange(when),
      }),
  }),
  defineEndpoint({
    method: "POST",
    path: "/v1/refunds",
    parameters: refundParameters,
    run: (context, sent) => {
      const charge = chargeOf(context, sent);
      return refundCharge(context, charge, {
        amount: sent.amount ?? charge.amount_captured - charge.amount_refunded,
        metadata: mergeMetadata(null, sent.metadata),
        ...(sent.reason && { reason: sent.reason }),
      });
    },
  }),
];
