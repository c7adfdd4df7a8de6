import { z } from "zod";
import { defineEndpoint, type Call } from "../api/endpoint.ts";
import { invalidRequest, missing } from "../api/error.ts";
import { listPage } from "../api/list.ts";
import {
  clearableText,
  created,
  createdRange,
  flag,
  mergeMetadata,
  metadata,
  pageParameters,
  text,
} from "../api/parameters.ts";
import type { Context } from "../context.ts";
import { getCustomer } from "../customers/get.ts";
import { change, emit } from "../events/emit.ts";
import { createPaymentMethod, takePaymentMethod } from "../payment-methods/create.ts";
import { billingOf, paymentMethodData, refuseRawNumbers } from "../payment-methods/endpoints.ts";
import { readCard } from "../payment-methods/read-card.ts";
import type { Kinds } from "../store/kinds.ts";
import { confirmSetupIntent, refuseState } from "./confirm.ts";
import { createSetupIntent } from "./create.ts";
import { pageViewOf } from "./page-view.ts";

type SetupIntent = Kinds["setup_intent"];

const confirming = {
  payment_method: text.optional(),
  payment_method_data: paymentMethodData.optional(),
  payment_method_options: z.unknown().optional(),
  mandate_data: z.unknown().optional(),
  return_url: z.url().optional(),
  use_stripe_sdk: flag.optional(),
};
const confirmation = z.strictObject({ ...confirming, client_secret: text.optional() });

const automatic = z.strictObject({ enabled: flag, allow_redirects: text.optional() });

/** A page has to know the secret; our own side may leave it out. @throws Refusal */
function getIntent({ store }: Context, { id, isPublishable }: Call, secret: string | undefined): SetupIntent {
  const found = store.find("setup_intent", id);
  if (found === null) throw missing("setupintent", id, isPublishable ? "intent" : undefined);
  if (secret === undefined && isPublishable)
    throw invalidRequest("Missing required param: client_secret.", {
      code: "parameter_missing",
      param: "client_secret",
    });
  if (secret !== undefined && secret !== found.client_secret)
    throw invalidRequest(
      "The client_secret provided does not match the client_secret associated with the SetupIntent.",
      { code: "setup_intent_invalid_parameter", param: "client_secret" },
    );
  return found;
}

const view = (intent: SetupIntent, { isPublishable }: Call) => (isPublishable ? pageViewOf(intent) : intent);

/** The card that a confirmation names or brings. @throws Refusal when it does neither */
function methodOf(context: Context, intent: SetupIntent, sent: z.output<typeof confirmation>, call: Call) {
  const { payment_method_data: data } = sent;
  if (data !== undefined) {
    refuseRawNumbers(data.card, call.isPublishable);
    const read = readCard(data.card, context.clock.nowMs);
    return createPaymentMethod(context, read, { billing: billingOf(data.billing_details) });
  }
  const id = sent.payment_method ?? intent.payment_method;
  if (typeof id === "string") return takePaymentMethod(context, id, "payment_method");
  throw invalidRequest(
    "You cannot confirm this SetupIntent because it's missing a payment method. " +
      "Update the SetupIntent with a payment method and then confirm it again.",
    { code: "setup_intent_unexpected_state", setup_intent: intent },
  );
}

function confirm(context: Context, intent: SetupIntent, sent: z.output<typeof confirmation>, call: Call) {
  const { automatic_payment_methods: wide, allowed_payment_method_types: allowed } = intent;
  const mayLeadAway = wide?.allow_redirects === "always" && allowed === null;
  if (mayLeadAway && sent.return_url === undefined && sent.use_stripe_sdk !== true)
    throw invalidRequest(
      "This SetupIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment " +
        "methods might redirect your customer off of your page, you must provide a `return_url`.",
    );
  return confirmSetupIntent(context, intent, {
    paymentMethod: methodOf(context, intent, sent, call),
    returnUrl: sent.return_url ?? null,
    isByScript: sent.use_stripe_sdk ?? false,
  });
}

export const SETUP_INTENT_ENDPOINTS = [
  defineEndpoint({
    method: "POST",
    path: "/v1/setup_intents",
    parameters: z.strictObject({
      ...confirming,
      customer: text.optional(),
      description: text.optional(),
      usage: z.enum(["off_session", "on_session"]).optional(),
      allowed_payment_method_types: z.array(z.literal("card")).optional(),
      automatic_payment_methods: automatic.optional(),
      metadata: metadata.optional(),
      confirm: flag.optional(),
    }),
    run: (context, sent, call) => {
      const {
        customer,
        description,
        usage,
        allowed_payment_method_types: types,
        automatic_payment_methods: wide,
      } = sent;
      if (customer !== undefined) getCustomer(context, customer, "customer");
      const method =
        sent.payment_method && takePaymentMethod(context, sent.payment_method, "payment_method").id;
      const created = createSetupIntent(context, {
        customer: customer ?? null,
        description: description ?? null,
        metadata: mergeMetadata(null, sent.metadata),
        paymentMethod: method ?? null,
        types,
        ...(usage && { usage }),
        ...(wide && { redirects: wide.allow_redirects === "never" ? "never" : "always" }),
      });
      if (sent.confirm !== true) return created;
      return confirm(context, created, { ...sent, payment_method: method }, call);
    },
  }),
  defineEndpoint({
    method: "GET",
    path: "/v1/setup_intents",
    parameters: z.strictObject({
      customer: text.optional(),
      payment_method: text.optional(),
      created,
      ...pageParameters,
    }),
    run: (context, { customer, payment_method, created: when, ...page }) =>
      listPage(context, "setup_intent", "/v1/setup_intents", page, {
        owner: customer,
        equals: { payment_method },
        ...createdRange(when),
      }),
  }),
  defineEndpoint({
    method: "GET",
    path: "/v1/setup_intents/:id",
    isForPages: true,
    parameters: z.strictObject({ client_secret: text.optional() }),
    run: (context, { client_secret }, call) => view(getIntent(context, call, client_secret), call),
  }),
  defineEndpoint({
    method: "POST",
    path: "/v1/setup_intents/:id",
    parameters: z.strictObject({
      customer: text.optional(),
      description: clearableText.optional(),
      metadata: metadata.optional(),
      payment_method: text.optional(),
    }),
    run: (context, { customer, description, metadata: given, payment_method }, call) => {
      const intent = getIntent(context, call, undefined);
      if (customer !== undefined) getCustomer(context, customer, "customer");
      const method = payment_method && takePaymentMethod(context, payment_method, "payment_method").id;
      return change(context, "setup_intent", intent, {
        ...(customer && { customer }),
        ...(description !== undefined && { description }),
        ...(method && { payment_method: method, status: "requires_confirmation" as const }),
        metadata: mergeMetadata(intent.metadata, given),
      }).object;
    },
  }),
  defineEndpoint({
    method: "POST",
    path: "/v1/setup_intents/:id/confirm",
    isForPages: true,
    parameters: confirmation,
    run: (context, sent, call) =>
      view(confirm(context, getIntent(context, call, sent.client_secret), sent, call), call),
  }),
  defineEndpoint({
    method: "POST",
    path: "/v1/setup_intents/:id/cancel",
    parameters: z.strictObject({
      cancellation_reason: z.enum(["abandoned", "duplicate", "requested_by_customer"]).optional(),
    }),
    run: (context, { cancellation_reason = null }, call) => {
      const intent = getIntent(context, call, undefined);
      refuseState(intent, "cancel", ["requires_payment_method", "requires_confirmation", "requires_action"]);
      const { object } = change(context, "setup_intent", intent, {
        status: "canceled",
        cancellation_reason,
        next_action: null,
      });
      emit(context, "setup_intent.canceled", object);
      return object;
    },
  }),
];
