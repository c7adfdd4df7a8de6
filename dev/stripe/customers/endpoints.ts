import { z } from "zod";
import { defineEndpoint } from "../api/endpoint.ts";
import { missing } from "../api/error.ts";
import { listPage } from "../api/list.ts";
import {
  clearableText,
  created,
  createdRange,
  mergeMetadata,
  metadata,
  pageParameters,
  text,
} from "../api/parameters.ts";
import type { Context } from "../context.ts";
import { change, create, emit } from "../events/emit.ts";
import { newId, randomText } from "../ids.ts";
import { attach } from "../payment-methods/attach.ts";
import { takePaymentMethod } from "../payment-methods/create.ts";
import { searchEndpoint } from "../search/endpoint.ts";
import type { Kinds } from "../store/kinds.ts";
import { getCustomer } from "./get.ts";
import { removeCustomer } from "./remove.ts";

type Customer = Kinds["customer"];

const changeable = {
  email: clearableText.optional(),
  name: clearableText.optional(),
  description: clearableText.optional(),
  phone: clearableText.optional(),
  preferred_locales: z.array(text).optional(),
  metadata: metadata.optional(),
  invoice_settings: z.strictObject({ default_payment_method: clearableText.optional() }).optional(),
};
type Changes = z.output<z.ZodObject<typeof changeable>>;

const PREFIX_LENGTH = 8;

const fresh = ({ clock }: Context): Customer => ({
  id: newId("cus"),
  object: "customer",
  address: null,
  balance: 0,
  created: clock.nowS,
  currency: null,
  customer_account: null,
  default_source: null,
  delinquent: false,
  description: null,
  discount: null,
  email: null,
  invoice_prefix: randomText(PREFIX_LENGTH).toUpperCase(),
  invoice_settings: {
    custom_fields: null,
    default_payment_method: null,
    footer: null,
    rendering_options: null,
  },
  livemode: false,
  metadata: {},
  name: null,
  next_invoice_sequence: 1,
  phone: null,
  preferred_locales: [],
  shipping: null,
  tax_exempt: "none",
  test_clock: null,
});

/** Only a customer's own card can be its default. @throws Refusal */
function settingsAfter(context: Context, customer: Customer, method: string | null | undefined) {
  if (method === undefined) return customer.invoice_settings;
  if (
    method !== null &&
    takePaymentMethod(context, method, "invoice_settings[default_payment_method]").customer !== customer.id
  )
    throw missing("PaymentMethod", method, "invoice_settings[default_payment_method]");
  return { ...customer.invoice_settings, default_payment_method: method };
}

function changesOf(context: Context, customer: Customer, sent: Changes): Partial<Customer> {
  const { metadata: given, invoice_settings, preferred_locales, ...texts } = sent;
  const set = Object.entries(texts).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(set),
    ...(preferred_locales && { preferred_locales }),
    metadata: mergeMetadata(customer.metadata, given),
    invoice_settings: settingsAfter(context, customer, invoice_settings?.default_payment_method),
  };
}

export const CUSTOMER_ENDPOINTS = [
  searchEndpoint("customer", "/v1/customers/search"),
  defineEndpoint({
    method: "POST",
    path: "/v1/customers",
    parameters: z.strictObject({ ...changeable, payment_method: text.optional() }),
    run: (context, { payment_method, ...sent }) => {
      const customer = fresh(context);
      create(context, "customer", customer);
      if (payment_method !== undefined)
        attach(context, takePaymentMethod(context, payment_method, "payment_method"), customer.id);
      const { object } = change(context, "customer", customer, changesOf(context, customer, sent));
      emit(context, "customer.created", object);
      return object;
    },
  }),
  defineEndpoint({
    method: "GET",
    path: "/v1/customers",
    parameters: z.strictObject({ email: text.optional(), created, ...pageParameters }),
    run: (context, { email, created: when, ...page }) =>
      listPage(context, "customer", "/v1/customers", page, { equals: { email }, ...createdRange(when) }),
  }),
  defineEndpoint({
    method: "GET",
    path: "/v1/customers/:id",
    parameters: z.strictObject({}),
    run: (context, _, { id }) => context.store.find("deleted_customer", id) ?? getCustomer(context, id),
  }),
  defineEndpoint({
    method: "POST",
    path: "/v1/customers/:id",
    parameters: z.strictObject(changeable),
    run: (context, sent, { id }) => {
      const customer = getCustomer(context, id);
      const { object, previous } = change(context, "customer", customer, changesOf(context, customer, sent));
      if (Object.keys(previous).length > 0) emit(context, "customer.updated", object, previous);
      return object;
    },
  }),
  defineEndpoint({
    method: "DELETE",
    path: "/v1/customers/:id",
    parameters: z.strictObject({}),
    run: (context, _, { id }) => removeCustomer(context, id),
  }),
  defineEndpoint({
    method: "GET",
    path: "/v1/customers/:id/balance_transactions",
    parameters: z.strictObject(pageParameters),
    run: (context, page, { id }) => {
      getCustomer(context, id);
      const url = `/v1/customers/${id}/balance_transactions`;
      return listPage(context, "customer_balance_transaction", url, page, { owner: id });
    },
  }),
];
