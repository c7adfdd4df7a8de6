import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { InvalidRequest } from "../../server/errors.ts";
import { creditAccount, creditInput, type CreditInput } from "../../server/services/billing/credit.ts";
import { verifyLedger } from "../../server/services/ledger/verify.ts";
import { publishSamples } from "../support/spells.ts";
import { startTestWeb, type TestWeb } from "../support/web.ts";

let web: TestWeb;
beforeAll(async () => {
  web = await startTestWeb();
  await publishSamples(web.platform, "echo");
});
afterAll(() => web.close());

const input = (accountId: string, more: Partial<CreditInput> = {}): CreditInput => ({
  account_id: accountId,
  amount_micros: 2_500,
  reason: "goodwill",
  reference: `ticket-${randomUUID()}`,
  ...more,
});
const credit = (given: CreditInput) => creditAccount(web.platform, given);

/** The field that a refusal names. */
const refusedField = (given: CreditInput) =>
  credit(given).then(
    () => null,
    (error: unknown) => (error instanceof InvalidRequest ? error.fields[0]?.field : error),
  );

async function creditEntries(key: string): Promise<unknown[]> {
  const { body } = await web.call("GET", "/v1/ledger/entries?limit=100", { key });
  return (body.data as unknown as { kind: string }[]).filter(({ kind }) => kind === "credit.granted");
}

test("a credit is a new entry, and usage stays what was consumed", async () => {
  const { apiKey, accountId } = await web.person();
  const cast = (await web.cast(apiKey, "echo", 1)).body;
  const usage = () => web.call("GET", "/v1/budgets/usage", { key: apiKey });
  const before = (await usage()).body;
  const given = input(accountId, { cast_id: cast.id, reason: "refund", reference: "case:1" });
  expect(await credit(given)).toEqual({ isNew: true });
  expect((await usage()).body).toEqual(before);
  expect(await creditEntries(apiKey)).toMatchObject([
    { subject: cast.id, amount_micros: -2_500, details: { reason: "refund", reference: "case:1" } },
  ]);
  expect((await verifyLedger(web.platform.db)).disagreements).toEqual([]);
});

test("the same credit again, also many times at once, is given once", async () => {
  const { apiKey, accountId } = await web.person();
  const given = input(accountId);
  const answers = await Promise.all(Array.from({ length: 8 }, () => credit(given)));
  expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
  expect(await credit(given)).toEqual({ isNew: false });
  expect(await creditEntries(apiKey)).toHaveLength(1);
});

test("a reference names one credit, whoever else is given it", async () => {
  const [mine, theirs] = [await web.person(), await web.person()];
  const given = input(mine.accountId);
  await credit(given);
  expect(await refusedField({ ...given, amount_micros: 2_501 })).toBe("reference");
  expect(await refusedField({ ...given, reason: "refund" })).toBe("reference");
  expect(await refusedField({ ...given, account_id: theirs.accountId })).toBe("reference");
  expect(await creditEntries(theirs.apiKey)).toEqual([]);
});

test("one reference at once for many accounts is one credit, and the others hear why not", async () => {
  const people = await Promise.all(Array.from({ length: 12 }, () => web.person()));
  const given = people.map(({ accountId }) => input(accountId, { reference: "raced" }));
  const outcomes = await Promise.allSettled(given.map(credit));
  const refused = outcomes.filter((outcome) => outcome.status === "rejected");
  expect(refused).toHaveLength(11);
  for (const { reason } of refused)
    expect(reason).toMatchObject({ error: "invalid_request", fields: [{ field: "reference" }] });
});

test("refunds of a cast never pass what its card paid, also at once", async () => {
  const { apiKey, accountId } = await web.person();
  const { id } = (await web.cast(apiKey, "echo", 1)).body;
  const refunds = await Promise.all(
    Array.from({ length: 6 }, () => refusedField(input(accountId, { cast_id: id, amount_micros: 3_000 }))),
  );
  expect(refunds.filter((field) => field === null)).toHaveLength(3);
  expect(refunds.filter((field) => field === "cast_id")).toHaveLength(3);
  expect(await refusedField(input(accountId, { cast_id: id, amount_micros: 1_001 }))).toBe("cast_id");
  expect(await refusedField(input(accountId, { cast_id: id, amount_micros: 1_000 }))).toBeNull();
});

test("what the allowance paid, another's cast, no cast and no account are refused", async () => {
  const [mine, theirs] = [await web.person({ hasCard: false }), await web.person()];
  const own = (await web.cast(mine.apiKey, "echo", 1)).body.id;
  const other = (await web.cast(theirs.apiKey, "echo", 1)).body.id;
  for (const cast_id of [own, other, randomUUID()])
    expect(await refusedField(input(mine.accountId, { cast_id, amount_micros: 1 }))).toBe("cast_id");
  expect(await refusedField(input(randomUUID()))).toBe("account_id");
});

test.each([
  { amount_micros: 0 },
  { amount_micros: -1 },
  { amount_micros: 0.5 },
  { reason: "because Jane asked" },
  { reference: "" },
  { reference: "two words" },
  { account_id: "me" },
  { more: 1 },
])("%j is no credit", (wrong) => {
  expect(creditInput.safeParse(input(randomUUID())).success).toBe(true);
  expect(creditInput.safeParse({ ...input(randomUUID()), ...wrong }).success).toBe(false);
});

test("a credit that is in one of table and ledger only is reported", async () => {
  const { accountId } = await web.person();
  await credit(input(accountId));
  const { sql } = web.platform.db;
  await sql`
    insert into credits (reference, account_id, amount_micros, reason)
    values ('unbooked', ${accountId}, 5, 'goodwill')`;
  expect((await verifyLedger(web.platform.db)).disagreements).toEqual([
    { what: "credits whose ledger entry is missing or has another amount", found: 1 },
  ]);
});
