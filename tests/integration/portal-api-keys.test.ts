import { afterAll, beforeAll, expect, test } from "vitest";
import { openPages, type Pages } from "../support/pages.ts";
import { publishSamples } from "../support/spells.ts";
import { startTestWeb, type Person, type TestWeb } from "../support/web.ts";

const KEYS = "/dashboard/api-keys";
const KEY_TEXT = /sk_test_[0-9A-Za-z]{10}_[0-9A-Za-z]{49}/;

let web: TestWeb;
let pages: Pages;
beforeAll(async () => {
  web = await startTestWeb();
  await publishSamples(web.platform, "echo");
  pages = openPages(web);
});
afterAll(() => web.close());

const formIdIn = (html: string) => /name="form_id" value="([^"]+)"/.exec(html)?.[1] ?? "";
const keyIn = (html: string) => KEY_TEXT.exec(html)?.[0] ?? "";
const prefixOf = (apiKey: string) => apiKey.split("_")[2] ?? "";

interface Wishes {
  readonly name?: string;
  readonly expires?: string;
  readonly limit?: string;
  readonly scope?: string[];
}

/** What a browser sends of the form. */
const filled = (
  formId: string,
  { name = "ci", expires = "", limit = "", scope = ["cast", "read"] }: Wishes = {},
) => ({
  form_id: formId,
  name,
  expires,
  limit,
  scope,
});

test("who is not signed in is led to sign in, and back", async () => {
  const answer = await pages.read(KEYS, null);
  expect([answer.status, answer.headers.get("Location")]).toEqual([
    302,
    "/login?next=%2Fdashboard%2Fapi-keys",
  ]);
});

test("a key is made without JavaScript, its text shown once, and it casts", async () => {
  const person = await web.person();
  const form = await pages.read(KEYS, person);
  expect(form.text).toContain("Create a key");
  expect(form.text).toMatch(/value="cast"[^>]*checked|checked=""[^>]*value="cast"/);
  const wishes = { name: "<b>ci</b>", expires: "2099-12-31", limit: "2.50" };
  const made = await pages.post(KEYS, person, filled(formIdIn(form.text), wishes));
  const apiKey = keyIn(made.text);
  expect([made.status, made.headers.get("Cache-Control")]).toEqual([200, "no-store"]);
  expect(made.text).toContain("shown this once");
  expect(made.text).toContain("&lt;b&gt;ci&lt;/b&gt;");
  expect(made.text).toContain(`Authorization: Bearer ${apiKey}`);
  expect((await web.cast(apiKey, "echo", { hello: "world" })).status).toBe(200);

  const later = await pages.read(KEYS, person);
  expect(later.text).not.toMatch(KEY_TEXT);
  expect(later.text).toContain(prefixOf(apiKey));
  expect(later.text).toContain("$2.50");
  expect(later.text).toContain("Dec 31, 2099, 23:59 UTC");
});

test("a form sent twice makes one key, and the text shown last is the one that works", async () => {
  const person = await web.person();
  const formId = formIdIn((await pages.read(KEYS, person)).text);
  const answers = await Promise.all([
    pages.post(KEYS, person, filled(formId)),
    pages.post(KEYS, person, filled(formId)),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  const statuses = await Promise.all(answers.map(({ text }) => web.cast(keyIn(text), "echo", 1)));
  expect(statuses.map(({ status }) => status).sort()).toEqual([200, 401]);
  const listed = await web.call("GET", "/v1/keys", { key: person.apiKey });
  expect(Object.keys(listed.body)).toHaveLength(2);
});

test("a form sent again after its key was used makes nothing, and says so", async () => {
  const person = await web.person();
  const form = filled(formIdIn((await pages.read(KEYS, person)).text));
  const apiKey = keyIn((await pages.post(KEYS, person, form)).text);
  await web.cast(apiKey, "echo", 1);
  const again = await pages.post(KEYS, person, form);
  expect(again.status).toBe(409);
  expect(again.text).toContain("This form has made its key already");
  expect(again.text).not.toMatch(KEY_TEXT);
  expect((await web.cast(apiKey, "echo", 1)).status).toBe(200);
});

test("what is not right is marked, and what was typed stays", async () => {
  const person = await web.person();
  const formId = formIdIn((await pages.read(KEYS, person)).text);
  const typed = { name: "kept", expires: "2020-01-31", limit: "1.005", scope: ["billing"] };
  const answer = await pages.post(KEYS, person, filled(formId, typed));
  expect(answer.status).toBe(400);
  expect(answer.text).toContain("Look at the marked fields");
  expect(answer.text).toContain('value="kept"');
  expect(answer.text).toContain('value="1.005"');
  expect(answer.text).toContain('id="limit-problem"');
  const past = await pages.post(KEYS, person, filled(formId, { ...typed, limit: "1" }));
  expect(past.text).toContain('id="expires-problem"');
  const nothing = await pages.post(KEYS, person, filled(formId, { scope: [] }));
  expect(nothing.text).toContain('id="scopes-problem"');
  const listed = await web.call("GET", "/v1/keys", { key: person.apiKey });
  expect(Object.keys(listed.body)).toHaveLength(1);
});

test("a revocation asks first, ends the key, and a second press says what is", async () => {
  const person = await web.person();
  const path = `${KEYS}/${prefixOf(person.apiKey)}/revoke`;
  expect((await pages.read(path, person)).text).toContain("cannot be undone");
  expect((await web.cast(person.apiKey, "echo", 1)).status).toBe(200);
  const revoked = await pages.post(path, person, {});
  expect([revoked.status, revoked.headers.get("Location")]).toEqual([302, `${KEYS}?done=revoked`]);
  expect((await web.cast(person.apiKey, "echo", 1)).status).toBe(401);
  expect((await pages.read(`${KEYS}?done=revoked`, person)).text).toContain("The key is revoked.");
  expect((await pages.post(path, person, {})).headers.get("Location")).toBe(`${KEYS}?done=gone`);
  expect((await pages.read(path, person)).status).toBe(404);
});

test("a rotation shows the new text once; its form sent again ends no secret", async () => {
  const person = await web.person();
  const path = `${KEYS}/${prefixOf(person.apiKey)}/rotate`;
  expect((await pages.read(path, person)).text).toContain("works for another 24 hours");
  const answers = await Promise.all([pages.post(path, person, {}), pages.post(path, person, {})]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  const rotated = answers.find(({ status }) => status === 200);
  expect(rotated?.text).toContain("The previous secret works until");
  for (const apiKey of [person.apiKey, keyIn(rotated?.text ?? "")])
    expect((await web.cast(apiKey, "echo", 1)).status).toBe(200);
  const repeated = await pages.post(path, person, {});
  expect(repeated.text).toContain("This key has a new secret already");
  expect(repeated.text).not.toMatch(KEY_TEXT);
  expect((await pages.read(path, person)).status).toBe(404);
});

const keysOf = async ({ sessionToken }: Person) => {
  const { body } = await web.call("GET", "/v1/keys", { key: sessionToken });
  return body as unknown as readonly Readonly<Record<string, unknown>>[];
};

test("a key is changed in all that a person decides about it, and refused beside its fields", async () => {
  const person = await web.person();
  const path = `${KEYS}/${prefixOf(person.apiKey)}/change`;
  const refused = await pages.post(path, person, { name: " ", limit: "10", expires: "2020-01-01" });
  expect(refused.status).toBe(400);
  for (const field of ["name", "scopes"]) expect(refused.text).toContain(`id="${field}-problem"`);
  const wishes = { name: "renamed", limit: "0.07", expires: "2090-01-31", scope: ["read", "budgets"] };
  const changed = await pages.post(path, person, wishes);
  expect(changed.headers.get("Location")).toBe(`${KEYS}?done=changed`);
  const page = await pages.read(path, person);
  expect(page.text).toContain("Change “renamed”");
  expect(page.text).toContain('value="0.07"');
  expect(page.text).toContain('value="2090-01-31"');
  const [stored] = await keysOf(person);
  expect(stored).toMatchObject({ expires_at: "2090-01-31T23:59:59.000Z", scopes: ["read", "budgets"] });
});

test("a key's end within a day stays as it is when another field is changed", async () => {
  const person = await web.person();
  const prefix = prefixOf(person.apiKey);
  const end = "2090-01-31T12:34:56.000Z";
  await web.call("PATCH", `/v1/keys/${prefix}`, { key: person.sessionToken, body: { expires_at: end } });
  const fields = { name: "renamed", limit: "", expires: "2090-01-31", scope: ["cast", "read"] };
  await pages.post(`${KEYS}/${prefix}/change`, person, fields);
  expect(await keysOf(person)).toMatchObject([{ name: "renamed", expires_at: end }]);
  await pages.post(`${KEYS}/${prefix}/change`, person, { ...fields, expires: "" });
  expect(await keysOf(person)).toMatchObject([{ expires_at: null }]);
});

test("another person's key is not there", async () => {
  const [mine, theirs] = [await web.person(), await web.person()];
  const prefix = prefixOf(theirs.apiKey);
  expect((await pages.read(`${KEYS}/${prefix}/change`, mine)).status).toBe(404);
  expect((await pages.post(`${KEYS}/${prefix}/rotate`, mine, {})).status).toBe(404);
  await pages.post(`${KEYS}/${prefix}/revoke`, mine, {});
  expect((await web.cast(theirs.apiKey, "echo", 1)).status).toBe(200);
});

test("a form of another site makes nothing", async () => {
  const person = await web.person();
  const formId = formIdIn((await pages.read(KEYS, person)).text);
  const answer = await pages.post(KEYS, person, filled(formId), { Origin: "https://evil.example" });
  expect(answer.status).toBe(403);
  const listed = await web.call("GET", "/v1/keys", { key: person.apiKey });
  expect(Object.keys(listed.body)).toHaveLength(1);
});

test("whose session has ended gets back to the form as it was", async () => {
  const person = await web.person();
  const formId = formIdIn((await pages.read(KEYS, person)).text);
  await pages.post("/auth/logout", person, {});
  const answer = await pages.post(KEYS, person, filled(formId, { name: "later", scope: ["read"] }));
  const login = new URL(answer.headers.get("Location") ?? "", web.baseUrl);
  expect(login.searchParams.get("next")).toBe(`${KEYS}?name=later&expires=&limit=&scope=read`);
  const again = await web.person();
  const page = await pages.read(login.searchParams.get("next") ?? "", again);
  expect(page.text).toContain('value="later"');
});

test("the pages speak Japanese", async () => {
  const person = await web.person();
  const inJapanese = { "Accept-Language": "ja" };
  const list = await pages.read(KEYS, person, inJapanese);
  expect(list.text).toContain("キーの一覧");
  expect(list.text).toContain("<title>API キー · Spell Platform</title>");
  const rotate = await pages.read(`${KEYS}/${prefixOf(person.apiKey)}/rotate`, person, inJapanese);
  expect(rotate.text).toContain("あと 24 時間");
});
