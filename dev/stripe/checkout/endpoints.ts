import { z } from "zod";
import { defineEndpoint } from "../api/endpoint.ts";
import { invalidRequest, missing } from "../api/error.ts";
import { listPage } from "../api/list.ts";
import {
  created,
  createdRange,
  integer,
  mergeMetadata,
  metadata,
  pageParameters,
  text,
} from "../api/parameters.ts";
import type { Context } from "../context.ts";
import { getCustomer } from "../customers/get.ts";
import type { Kinds } from "../store/kinds.ts";
import { expireSession } from "./complete.ts";
import { createSession } from "./create.ts";

const SHORTEST_LIFE_S = 1_800;
const LONGEST_LIFE_S = 86_400;
/** Clocks differ a little. */
const SLACK_S = 60;

function getSession({ store }: Context, id: string): Kinds["checkout.session"] {
  const found = store.find("checkout.session", id);
  if (found === null) throw missing("checkout.session", id);
  return found;
}

const parameters = z.strictObject({
  mode: z.literal("setup", "the emulator's sessions have mode setup"),
  ui_mode: z.literal("hosted_page").optional(),
  customer: text.optional(),
  customer_email: text.optional(),
  customer_creation: text.optional(),
  client_reference_id: text.optional(),
  success_url: text,
  cancel_url: z.url().optional(),
  currency: text.optional(),
  allowed_payment_method_types: z.array(z.literal("card")).optional(),
  locale: text.optional(),
  metadata: metadata.optional(),
  setup_intent_data: z
    .strictObject({ description: text.optional(), metadata: metadata.optional() })
    .optional(),
  expires_at: integer.optional(),
});

/** @throws Refusal when a session can neither live so short nor so long */
function checkExpiry({ clock }: Context, expiresAtS: number | undefined): void {
  if (expiresAtS === undefined) return;
  const lifeS = expiresAtS - clock.nowS;
  if (lifeS < SHORTEST_LIFE_S - SLACK_S || lifeS > LONGEST_LIFE_S + SLACK_S)
    throw invalidRequest("The `expires_at` timestamp must be between 30 minutes and 24 hours from now.", {
      param: "expires_at",
    });
}

function open(context: Context, sent: z.output<typeof parameters>): Kinds["checkout.session"] {
  if (sent.customer !== undefined) getCustomer(context, sent.customer, "customer");
  if (sent.currency === undefined && sent.allowed_payment_method_types === undefined)
    throw invalidRequest("Missing required param: currency.", {
      code: "parameter_missing",
      param: "currency",
    });
  if (!URL.canParse(sent.success_url))
    throw invalidRequest("Not a valid URL", { code: "url_invalid", param: "success_url" });
  checkExpiry(context, sent.expires_at);
  return createSession(context, {
    customer: sent.customer ?? null,
    customerEmail: sent.customer_email ?? null,
    clientReferenceId: sent.client_reference_id ?? null,
    successUrl: sent.success_url,
    cancelUrl: sent.cancel_url ?? null,
    currency: sent.currency ?? null,
    types: sent.allowed_payment_method_types ?? null,
    locale: sent.locale ?? null,
    metadata: mergeMetadata(null, sent.metadata),
    setupIntent: {
      description: sent.setup_intent_data?.description ?? null,
      metadata: mergeMetadata(null, sent.setup_intent_data?.metadata),
    },
    expiresAtS: sent.expires_at ?? null,
  });
}

export const CHECKOUT_ENDPOINTS = [
  defineEndpoint({ method: "POST", path: "/v1/checkout/sessions", parameters, run: open }),
  defineEndpoint({
    method: "GET",
    path: "/v1/checkout/sessions",
    parameters: z.strictObject({
      customer: text.optional(),
      status: text.optional(),
      created,
      ...pageParameters,
    }),
    run: (context, { customer, status, created: when, ...page }) =>
      listPage(context, "checkout.session", "/v1/checkout/sessions", page, {
        equals: { customer, status },
        ...createdRange(when),
      }),
  }),
  defineEndpoint({
    method: "GET",
    path: "/v1/checkout/sessions/:id",
    parameters: z.strictObject({}),
    run: (context, _, { id }) => getSession(context, id),
  }),
  defineEndpoint({
    method: "POST",
    path: "/v1/checkout/sessions/:id/expire",
    parameters: z.strictObject({}),
    run: (context, _, { id }) => {
      const session = getSession(context, id);
      if (session.status !== "open")
        throw invalidRequest(
          `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`,
        );
      return expireSession(context, session);
    },
  }),
];
