/** A form of a key that is sent more than once, by the procedure that pages call. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestWeb, type Person, type TestWeb } from "../support/web.ts";

let web: TestWeb;
let person: Person;
beforeAll(async () => {
  web = await startTestWeb();
  person = await web.person();
});
afterAll(() => web.close());

const send = async (input: object) => {
  const answer = await web.call("POST", "/trpc/keys.createOnce", { key: person.sessionToken, body: input });
  const body = JSON.parse(answer.text) as { result?: { data: { id: string; api_key: string } } };
  return { status: answer.status, key: body.result?.data };
};
const opens = async (key = "") => (await web.call("GET", "/v1/keys", { key })).status === 200;

test("a second press gives the same key a new text, and the first text is dead", async () => {
  const form = { form_id: randomUUID(), name: "pressed twice" };
  const [first, second] = [await send(form), await send(form)];
  expect(second.key?.id).toBe(first.key?.id);
  expect([await opens(first.key?.api_key), await opens(second.key?.api_key)]).toEqual([false, true]);
});

test("a key that has been used keeps its text: the form is refused", async () => {
  const form = { form_id: randomUUID(), name: "used" };
  const { key } = await send(form);
  expect(await opens(key?.api_key)).toBe(true);
  await web.platform.db.sql`update api_keys set last_used_at = clock_timestamp() where id = ${form.form_id}`;
  expect((await send(form)).status).toBe(409);
  expect(await opens(key?.api_key)).toBe(true);
});

test.each([
  { name: "another name" },
  { scopes: ["read"] },
  { monthly_limit_cents: 100 },
  { expires_at: "2100-01-01T00:00:00Z" },
])("the form sent again with %j is refused, and the key stays as it was", async (changed) => {
  const form = { form_id: randomUUID(), name: "as asked" };
  const { key } = await send(form);
  expect((await send({ ...form, ...changed })).status).toBe(409);
  expect(await opens(key?.api_key)).toBe(true);
});

test("another person's form id makes nothing and tells nothing", async () => {
  const form = { form_id: randomUUID(), name: "mine" };
  const { key } = await send(form);
  const stranger = await web.person();
  const answer = await web.call("POST", "/trpc/keys.createOnce", { key: stranger.sessionToken, body: form });
  expect(answer.status).toBe(409);
  expect(answer.text).not.toContain("mine");
  expect(await opens(key?.api_key)).toBe(true);
});
