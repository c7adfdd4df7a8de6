import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestWeb, type Person, type TestWeb } from "../support/web.ts";

let web: TestWeb;
let person: Person;
beforeAll(async () => {
  web = await startTestWeb({ env: { CORS_ORIGINS: "https://app.example https://other.example" } });
  person = await web.person();
});
afterAll(() => web.close());

const page = (path: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${web.baseUrl}${path}`, { headers, redirect: "manual" });

test("a person reads and changes what they choose of themselves; a key only reads", async () => {
  const read = await web.call("GET", "/v1/users/me", { key: person.apiKey });
  expect(read.body).toMatchObject({ user_id: person.accountId, name: null, language: "en" });
  const change = { name: "  花子 ", language: "ja" };
  const byKey = await web.call("PATCH", "/v1/users/me", { key: person.apiKey, body: change });
  expect([byKey.status, byKey.body.error]).toEqual([403, "session_required"]);
  const byPerson = await web.call("PATCH", "/v1/users/me", { key: person.sessionToken, body: change });
  expect(byPerson.body).toMatchObject({ name: "花子", language: "ja" });
});

test.each([
  {},
  { name: "" },
  { name: "a\u0000b" },
  { language: "de" },
  { email: "a@b.example" },
  { name: "x".repeat(101) },
])("%j changes nothing", async (body) => {
  const before = await web.call("GET", "/v1/users/me", { key: person.apiKey });
  const refused = await web.call("PATCH", "/v1/users/me", { key: person.sessionToken, body });
  expect([refused.status, refused.body.error]).toEqual([400, "invalid_request"]);
  expect((await web.call("GET", "/v1/users/me", { key: person.apiKey })).text).toBe(before.text);
});

test("pages come in the language chosen, else in the browser's, else in English, and say so", async () => {
  const languageOf = async (headers: Readonly<Record<string, string>>) =>
    /<html lang="(\w+)"/.exec(await (await page("/login", headers)).text())?.[1];
  expect(await languageOf({})).toBe("en");
  expect(await languageOf({ "Accept-Language": "de, ja;q=0.8, en;q=0.5" })).toBe("ja");
  expect(await languageOf({ "Accept-Language": "ja", Cookie: "spell_language=en" })).toBe("en");
  expect(await languageOf({ Cookie: "spell_language=%00" })).toBe("en");
  expect((await page("/login")).headers.get("Vary")).toBe("Cookie, Accept-Language");
});

test("a language is chosen by a form, which leads back to an own page only", async () => {
  const choose = (next: string) =>
    fetch(`${web.baseUrl}/language`, {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams({ language: "ja", next }),
    });
  const chosen = await choose("/login?problem=rate");
  expect(chosen.headers.get("Location")).toBe("/login?problem=rate");
  expect(chosen.headers.get("Set-Cookie")).toMatch(/^spell_language=ja;.*HttpOnly/);
  expect((await choose("//evil.example")).headers.get("Location")).toBe("/");
});

test("a signed-in person's pages are kept by nobody", async () => {
  const answer = await page("/dashboard", { Cookie: `spell_session=${person.sessionToken}` });
  expect([answer.status, answer.headers.get("Cache-Control")]).toEqual([200, "no-store"]);
});

test("pages are free of the account's rate", async () => {
  const slow = await startTestWeb({ env: { RATE_LIMIT_USER_RPM: "2" } });
  try {
    const { sessionToken } = await slow.person();
    for (let i = 0; i < 4; i += 1) {
      const answer = await fetch(`${slow.baseUrl}/dashboard`, {
        headers: { Cookie: `spell_session=${sessionToken}` },
        redirect: "manual",
      });
      expect(answer.status).toBe(200);
    }
    expect((await slow.call("GET", "/v1/keys", { key: sessionToken })).status).toBe(200);
  } finally {
    await slow.close();
  }
});

test("pages of allowed sites may call with a key and read the rate; others, and cookies, may not", async () => {
  const from = (Origin: string) => web.call("GET", "/v1/keys", { key: person.apiKey, headers: { Origin } });
  const allowed = await from("https://app.example");
  expect(allowed.headers.get("Access-Control-Allow-Origin")).toBe("https://app.example");
  expect(allowed.headers.get("Access-Control-Expose-Headers")).toContain("RateLimit-Remaining");
  expect(allowed.headers.get("Access-Control-Allow-Credentials")).toBeNull();
  expect((await from("https://evil.example")).headers.get("Access-Control-Allow-Origin")).toBeNull();
  const asked = await fetch(`${web.baseUrl}/v1/cast`, {
    method: "OPTIONS",
    headers: { Origin: "https://other.example", "Access-Control-Request-Method": "POST" },
  });
  expect([asked.status, asked.headers.get("Access-Control-Allow-Origin")]).toEqual([
    204,
    "https://other.example",
  ]);
});
