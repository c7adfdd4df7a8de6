import { expect, test } from "vitest";
import { clientOf, PUBLISHABLE_KEY, refusalOf, startTestStripe } from "../../../tests/support/stripe.ts";

const post = (
  url: string,
  path: string,
  body: Record<string, string>,
  headers: Record<string, string> = {},
) =>
  fetch(`${url}${path}`, {
    method: "POST",
    headers: { Authorization: "Bearer sk_test_emulator0123456789", ...headers },
    body: new URLSearchParams(body),
  });

test("the right secret key is let in, and a wrong one and none are refused without being told", async () => {
  const emulator = await startTestStripe();
  expect(await emulator.stripe.balance.retrieve()).toMatchObject({ object: "balance", livemode: false });
  const refusal = await refusalOf(clientOf(emulator, "sk_test_wrong_key_0123456789").balance.retrieve());
  expect(refusal).toMatchObject({ type: "StripeAuthenticationError", statusCode: 401 });
  expect(refusal.message).not.toContain("wrong_key");
  expect((await fetch(`${emulator.url}/v1/balance`)).status).toBe(401);
});

test("the publishable key does only what pages do", async () => {
  const emulator = await startTestStripe();
  const page = clientOf(emulator, PUBLISHABLE_KEY);
  expect(await refusalOf(page.customers.list())).toMatchObject({
    statusCode: 403,
    code: "secret_key_required",
  });
  expect(await refusalOf(page.setupIntents.create({}))).toMatchObject({ code: "secret_key_required" });
});

test("every answer names its request, and an address that is none says so", async () => {
  const { url, stripe } = await startTestStripe();
  const { lastResponse } = await stripe.balance.retrieve();
  expect(lastResponse.requestId).toMatch(/^req_[A-Za-z0-9]+$/);
  expect(lastResponse.apiVersion).toBe("2026-10-28.endive");
  const unknown = await post(url, "/v1/nothing", {});
  expect([unknown.status, await unknown.json()]).toMatchObject([
    404,
    { error: { type: "invalid_request_error" } },
  ]);
});

test("an object that is not there is 404, in a parameter 400", async () => {
  const { stripe } = await startTestStripe();
  expect(await refusalOf(stripe.customers.retrieve("cus_none"))).toMatchObject({
    type: "StripeInvalidRequestError",
    statusCode: 404,
    code: "resource_missing",
    param: "id",
    message: "No such customer: 'cus_none'",
  });
  expect(await refusalOf(stripe.setupIntents.create({ customer: "cus_none" }))).toMatchObject({
    statusCode: 400,
    code: "resource_missing",
    param: "customer",
  });
});

test("parameters that are unknown, missing, empty or no number are named", async () => {
  const { url, stripe } = await startTestStripe();
  const codeOf = async (path: string, body: Record<string, string>) => {
    const response = await post(url, path, body);
    const { error } = (await response.json()) as { error: { code?: string; param?: string } };
    return [response.status, error.code, error.param];
  };
  expect(await codeOf("/v1/customers", { colour: "red" })).toEqual([400, "parameter_unknown", "colour"]);
  expect(await codeOf("/v1/customers", { "invoice_settings[colour]": "red" })).toEqual([
    400,
    "parameter_unknown",
    "invoice_settings[colour]",
  ]);
  const { id } = await stripe.customers.create();
  expect(await codeOf(`/v1/payment_methods/pm_card_visa/attach`, {})).toEqual([
    400,
    "parameter_missing",
    "customer",
  ]);
  expect(await codeOf(`/v1/setup_intents`, { customer: "" })).toEqual([
    400,
    "parameter_invalid_empty",
    "customer",
  ]);
  expect(await codeOf(`/v1/customers/${id}`, { "__proto__[x]": "1" })).toEqual([
    400,
    "parameter_unknown",
    "__proto__",
  ]);
  const list = await fetch(`${url}/v1/customers?limit=ten`, {
    headers: { Authorization: "Bearer sk_test_emulator0123456789" },
  });
  expect([list.status, await list.json()]).toMatchObject([
    400,
    { error: { code: "parameter_invalid_integer", param: "limit" } },
  ]);
});

test("ids become objects where they are asked for, and nothing else does", async () => {
  const { stripe } = await startTestStripe();
  const { id: customer } = await stripe.customers.create({ name: "Ada" });
  const intent = await stripe.setupIntents.create({ customer, expand: ["customer"] });
  expect(intent.customer).toMatchObject({ id: customer, name: "Ada" });
  const list = await stripe.setupIntents.list({ expand: ["data.customer"] });
  expect(list.data[0]?.customer).toMatchObject({ name: "Ada" });
  expect(await refusalOf(stripe.setupIntents.retrieve(intent.id, { expand: ["colour"] }))).toMatchObject({
    statusCode: 400,
    message: "This property cannot be expanded (colour).",
  });
});

test("lists give pages in both directions, and the package walks through all of them", async () => {
  const { stripe } = await startTestStripe();
  const ids: string[] = [];
  for (let count = 0; count < 5; count += 1) ids.unshift((await stripe.customers.create()).id);
  const first = await stripe.customers.list({ limit: 2 });
  expect([first.data.map(({ id }) => id), first.has_more]).toEqual([ids.slice(0, 2), true]);
  const next = await stripe.customers.list({ limit: 3, starting_after: ids[1] ?? "" });
  expect([next.data.map(({ id }) => id), next.has_more]).toEqual([ids.slice(2), false]);
  const before = await stripe.customers.list({ limit: 2, ending_before: ids[3] ?? "" });
  expect([before.data.map(({ id }) => id), before.has_more]).toEqual([ids.slice(1, 3), true]);
  const all = await stripe.customers.list({ limit: 2 }).autoPagingToArray({ limit: 100 });
  expect(all.map(({ id }) => id)).toEqual(ids);
  expect(await refusalOf(stripe.customers.list({ starting_after: "cus_none" }))).toMatchObject({
    code: "resource_missing",
    param: "starting_after",
  });
});
