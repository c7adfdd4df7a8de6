import { z } from "zod";
import { defineEndpoint } from "../api/endpoint.ts";
import { Refusal } from "../api/error.ts";
import { listPage } from "../api/list.ts";
import { clearableText, integer, mergeMetadata, metadata, pageParameters, text } from "../api/parameters.ts";
import { getCustomer } from "../customers/get.ts";
import { change, emit } from "../events/emit.ts";
import { attach, detach } from "./attach.ts";
import { createPaymentMethod, takePaymentMethod } from "./create.ts";
import { cardParameters, readCard } from "./read-card.ts";

export const billingDetails = z.strictObject({
  address: z.record(z.string(), z.string()).optional(),
  email: clearableText.optional(),
  name: clearableText.optional(),
  phone: clearableText.optional(),
});

export const paymentMethodData = z.strictObject({
  type: z.literal("card"),
  card: cardParameters,
  billing_details: billingDetails.optional(),
  allow_redisplay: text.optional(),
});
type Data = z.output<typeof paymentMethodData>;

/** The members that were sent. Addresses are taken and not kept: nothing here reads them. */
export const billingOf = ({ email, name, phone }: z.output<typeof billingDetails> = {}) => ({
  ...(email !== undefined && { email }),
  ...(name !== undefined && { name }),
  ...(phone !== undefined && { phone }),
});

/** Card numbers come from pages of Stripe's alone: servers never see them. @throws Refusal */
export function refuseRawNumbers(card: Data["card"], isPublishable: boolean): void {
  if (isPublishable || card.number === undefined) return;
  throw new Refusal(402, {
    type: "invalid_request_error",
    message:
      "Sending credit card numbers directly to the Stripe API is generally unsafe. " +
      "We suggest you use test tokens that map to the test card you are using.",
  });
}

const pageOf = (customer: string | undefined) => (customer === undefined ? {} : { owner: customer });

export const PAYMENT_METHOD_ENDPOINTS = [
  defineEndpoint({
    method: "POST",
    path: "/v1/payment_methods",
    isForPages: true,
    parameters: paymentMethodData.extend({ metadata: metadata.optional() }),
    run: (context, { card, billing_details, metadata: given }, { isPublishable }) => {
      refuseRawNumbers(card, isPublishable);
      return createPaymentMethod(context, readCard(card, context.clock.nowMs), {
        billing: billingOf(billing_details),
        metadata: mergeMetadata(null, given),
      });
    },
  }),
  defineEndpoint({
    method: "GET",
    path: "/v1/payment_methods",
    parameters: z.strictObject({
      customer: text.optional(),
      type: text.optional(),
      allow_redisplay: text.optional(),
      ...pageParameters,
    }),
    run: (context, { customer, type, ...page }) => {
      if (customer !== undefined) getCustomer(context, customer, "customer");
      return listPage(context, "payment_method", "/v1/payment_methods", page, {
        ...pageOf(customer),
        equals: { type },
      });
    },
  }),
  defineEndpoint({
    method: "GET",
    path: "/v1/customers/:id/payment_methods",
    parameters: z.strictObject({ type: text.optional(), ...pageParameters }),
    run: (context, { type, ...page }, { id }) => {
      getCustomer(context, id);
      const url = `/v1/customers/${id}/payment_methods`;
      return listPage(context, "payment_method", url, page, { owner: id, equals: { type } });
    },
  }),
  defineEndpoint({
    method: "GET",
    path: "/v1/payment_methods/:id",
    parameters: z.strictObject({}),
    run: (context, _, { id }) => takePaymentMethod(context, id),
  }),
  defineEndpoint({
    method: "POST",
    path: "/v1/payment_methods/:id",
    parameters: z.strictObject({
      metadata: metadata.optional(),
      billing_details: billingDetails.optional(),
      card: z.strictObject({ exp_month: integer.optional(), exp_year: integer.optional() }).optional(),
    }),
    run: (context, { metadata: given, billing_details, card }, { id }) => {
      const method = takePaymentMethod(context, id);
      const { object, previous } = change(context, "payment_method", method, {
        metadata: mergeMetadata(method.metadata, given),
        billing_details: { ...method.billing_details, ...billingOf(billing_details) },
        ...(method.card && {
          card: {
            ...method.card,
            exp_month: card?.exp_month ?? method.card.exp_month,
            exp_year: card?.exp_year ?? method.card.exp_year,
          },
        }),
      });
      emit(context, "payment_method.updated", object, previous);
      return object;
    },
  }),
  defineEndpoint({
    method: "POST",
    path: "/v1/payment_methods/:id/attach",
    parameters: z.strictObject({ customer: text }),
    run: (context, { customer }, { id }) => {
      getCustomer(context, customer, "customer");
      return attach(context, takePaymentMethod(context, id), customer);
    },
  }),
  defineEndpoint({
    method: "POST",
    path: "/v1/payment_methods/:id/detach",
    parameters: z.strictObject({}),
    run: (context, _, { id }) => detach(context, takePaymentMethod(context, id)),
  }),
];
