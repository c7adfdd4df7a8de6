import { expect, test } from "vitest";
import { refusalOf, startTestStripe } from "../../../tests/support/stripe.ts";

test("a customer is changed member by member, and an empty value takes one away", async () => {
  const { stripe } = await startTestStripe();
  const { id } = await stripe.customers.create({
    name: "Ada",
    email: "ada@example.com",
    metadata: { account: "7", plan: "x" },
  });
  const changed = await stripe.customers.update(id, { email: "", metadata: { plan: "", tier: "2" } });
  expect(changed).toMatchObject({ name: "Ada", email: null });
  expect(changed.metadata).toEqual({ account: "7", tier: "2" });
  expect((await stripe.customers.update(id, { metadata: "" })).metadata).toEqual({});
});

test("metadata may have any names", async () => {
  const { stripe } = await startTestStripe();
  const metadata = { "0": "zero", "1": "one", __proto__x: "p", "a b": "c" };
  expect((await stripe.customers.create({ metadata })).metadata).toEqual(metadata);
});

test("a deleted customer is a stub without cards, and is not listed, found or used", async () => {
  const { stripe } = await startTestStripe();
  const { id } = await stripe.customers.create({
    metadata: { account: "7" },
    payment_method: "pm_card_visa",
  });
  const [card] = (await stripe.customers.listPaymentMethods(id)).data;
  expect(await stripe.customers.del(id)).toEqual({ id, object: "customer", deleted: true });
  expect(await stripe.customers.retrieve(id)).toEqual({ id, object: "customer", deleted: true });
  expect((await stripe.customers.list()).data).toEqual([]);
  expect((await stripe.customers.search({ query: "metadata['account']:'7'" })).data).toEqual([]);
  expect((await stripe.paymentMethods.retrieve(card?.id ?? "")).customer).toBeNull();
  expect(await refusalOf(stripe.customers.del(id))).toMatchObject({ statusCode: 404 });
  expect(await refusalOf(stripe.setupIntents.create({ customer: id }))).toMatchObject({
    code: "resource_missing",
  });
});

test("customers are searched by metadata and other members, page by page", async () => {
  const { stripe } = await startTestStripe();
  for (const account of ["1", "2", "2", "it's"])
    await stripe.customers.create({ email: `caster-${account.length}@example.com`, metadata: { account } });
  const accountsOf = async (query: string) =>
    (await stripe.customers.search({ query })).data.map(({ metadata }) => metadata["account"]);
  expect(await accountsOf("metadata['account']:'2'")).toEqual(["2", "2"]);
  expect(await accountsOf('metadata["account"]:"it\'s"')).toEqual(["it's"]);
  expect(await accountsOf("metadata['account']:'it\\'s'")).toEqual(["it's"]);
  expect(await accountsOf("metadata['account']:'1' OR metadata['account']:'2'")).toEqual(["2", "2", "1"]);
  expect(await accountsOf("metadata['account']:'1' AND email:'CASTER-1@example.com'")).toEqual(["1"]);
  expect(await accountsOf("-metadata['account']:'2' created>1")).toEqual(["it's", "1"]);
  expect(await accountsOf("metadata['account']:'3'")).toEqual([]);
  const first = await stripe.customers.search({ query: "metadata['account']:'2'", limit: 1 });
  expect([first.data.length, first.has_more]).toEqual([1, true]);
  const second = await stripe.customers.search({
    query: "metadata['account']:'2'",
    limit: 1,
    page: first.next_page ?? "",
  });
  expect([second.data.length, second.has_more]).toEqual([1, false]);
  expect(await refusalOf(stripe.customers.search({ query: "account=2" }))).toMatchObject({ statusCode: 400 });
});
