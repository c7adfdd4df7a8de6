import { afterAll, beforeAll, expect, test } from "vitest";
import { HOSTILE, publishSamples, publishWat } from "../support/spells.ts";
import { startTestWeb, type TestWeb } from "../support/web.ts";

let web: TestWeb;
beforeAll(async () => {
  web = await startTestWeb();
  await publishSamples(web.platform, "echo", "qr-code", "text-stats");
  await publishWat(web.platform, "endless", HOSTILE.endlessLoop, {
    rateMicros: 3,
    cents: 1,
    fuel: 1_000_000,
  });
});
afterAll(() => web.close());

const cookie = (token: string, language = "en") => ({
  Cookie: `spell_session=${token}`,
  "Accept-Language": language,
});
const page = (token: string, path: string, language?: string) =>
  web.call("GET", `/dashboard/${path}`, { headers: cookie(token, language) });

/** Sends a form as a browser without JavaScript does. */
const send = (token: string, path: string, fields: Record<string, string>, language?: string) =>
  web.call("POST", `/dashboard/${path}`, {
    rawBody: new URLSearchParams(fields).toString(),
    headers: {
      ...cookie(token, language),
      "Content-Type": "application/x-www-form-urlencoded",
      Origin: new URL(web.platform.config.APP_URL).origin,
    },
  });
const hidden = (html: string, name: string) =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? "";

/** The fields that a page's form holds by itself. */
async function formOf(token: string, spell: string) {
  const { text } = await page(token, `spells/${spell}`);
  return { form_id: hidden(text, "form_id"), version: hidden(text, "version") };
}
const callsOf = async (key: string) =>
  (await web.call("GET", "/v1/budgets/usage", { key })).body["total_calls"];

test("the grimoire shows each spell with its price in words, and is searched by word, tag and page", async () => {
  const { sessionToken } = await web.person();
  const all = await page(sessionToken, "spells");
  expect(all.status).toBe(200);
  for (const shown of [
    "echo",
    "$0.01 for each completed cast",
    "Free",
    "Version 1.0.0",
    "Gives back any JSON",
  ])
    expect(all.text).toContain(shown);
  expect(all.text).toContain("$0.01 a cast, and $0.000003 for each million units of fuel");
  const japanese = await page(sessionToken, "spells", "ja");
  expect(japanese.text).toContain("グリモワール");
  expect(japanese.text).toContain("完了したキャスト 1 回につき $0.01");
  const found = await page(sessionToken, "spells?q=QR+code");
  expect(found.text).toContain('href="/dashboard/spells/qr-code"');
  expect(found.text).not.toContain('href="/dashboard/spells/echo"');
  const tagged = await page(sessionToken, "spells?tag=text");
  expect(tagged.text).toContain("Only spells with the tag");
  expect(tagged.text).not.toContain('href="/dashboard/spells/qr-code"');
  expect((await page(sessionToken, "spells?q=nothing-like-it")).text).toContain("No spells match.");
  const wrong = await page(sessionToken, "spells?cursor=x");
  expect([wrong.status, wrong.text.includes('role="alert"')]).toEqual([400, true]);
});

test("a spell's form asks for what its schema says", async () => {
  const { sessionToken } = await web.person();
  const { text } = await page(sessionToken, "spells/qr-code");
  expect(text).toMatch(/<textarea[^>]* name="\/text"[^>]*/);
  expect(text).toMatch(/<textarea[^>]* required=""[^>]* minLength="1" maxLength="2953"/);
  expect(text).toContain('<option value="&quot;M&quot;" selected="">M</option>');
  expect(text).toContain("Error correction: 7, 15, 25 or 30 percent");
  expect((await page(sessionToken, "spells/dev.spell.qr-code")).text).toContain('name="/text"');
  expect((await page(sessionToken, "spells/none-such")).status).toBe(404);
  expect((await page(sessionToken, "spells/NOT%20A%20NAME")).status).toBe(404);
});

test("a form without JavaScript casts, shows the result, and casts once however often it is sent", async () => {
  const { sessionToken, apiKey } = await web.person();
  const fields = { ...(await formOf(sessionToken, "echo")), "/": '{"a": "<b>"}', max_cost_cents: "1" };
  const answers = [];
  for (let i = 0; i < 3; i++) answers.push(await send(sessionToken, "spells/echo", fields));
  for (const { status, text } of answers) {
    expect(status).toBe(200);
    expect(text).toContain("What it gave back");
    expect(text).toContain("{&quot;a&quot;: &quot;&lt;b&gt;&quot;}");
    expect(text).toContain("$0.01");
  }
  const ids = answers.map(({ text }) => /\/dashboard\/casts\/([0-9a-f-]{36})/.exec(text)?.[1]);
  expect(new Set(ids).size).toBe(1);
  expect(await callsOf(apiKey)).toBe(1);
  const next = hidden(answers[0]?.text ?? "", "form_id");
  expect(next, "the page's next cast is another").not.toBe(fields.form_id);
  expect((await page(sessionToken, `casts/${ids[0] ?? ""}`)).text).toContain("&lt;b&gt;");
});

test("a drawing is shown as an image", async () => {
  const { sessionToken } = await web.person();
  const fields = { ...(await formOf(sessionToken, "qr-code")), "/text": "hello", "/ecc": '"L"' };
  const { status, text } = await send(sessionToken, "spells/qr-code", fields);
  expect(status).toBe(200);
  expect(text).toMatch(
    /<img src="data:image\/svg\+xml;base64,[A-Za-z0-9+/=]+" alt="The drawing that qr-code made"/,
  );
});

test("a refused form says why, keeps what was typed, and charges nothing", async () => {
  const { sessionToken, apiKey } = await web.person({ hardCents: 1 });
  const form = await formOf(sessionToken, "echo");
  const bad = await send(sessionToken, "spells/echo", { ...form, "/": "{oops" });
  expect([bad.status, hidden(bad.text, "form_id")]).toEqual([400, form.form_id]);
  expect(bad.text).toContain("This is not valid JSON.");
  expect(bad.text).toContain('aria-invalid="true"');
  expect(bad.text).toContain("{oops");
  const cents = await send(sessionToken, "spells/echo", { ...form, "/": "7", max_cost_cents: "half" });
  expect(cents.status).toBe(400);
  expect(cents.text).toContain("A whole number of cents, 0 or more.");
  expect(cents.text).toContain('value="half"');
  const dear = await send(sessionToken, "spells/echo", { ...form, "/": "7", max_cost_cents: "0" }, "ja");
  expect(dear.status).toBe(402);
  expect(dear.text).toContain("スペルの料金が、指定した最大額を超えています。");
  expect(await callsOf(apiKey)).toBe(0);
  expect((await send(sessionToken, "spells/echo", { ...form, "/": "7" })).status).toBe(200);
  const over = await send(sessionToken, "spells/echo", { ...(await formOf(sessionToken, "echo")), "/": "7" });
  expect(over.status).toBe(402);
  expect(over.text).toContain("This would pass your limit of $0.01");
});

test("an input that does not fit is refused by the spell's own check, and the next try is a new cast", async () => {
  const { sessionToken } = await web.person();
  const fields = { ...(await formOf(sessionToken, "qr-code")), "/text": "" };
  const refused = await send(sessionToken, "spells/qr-code", fields);
  expect(refused.status).toBe(422);
  expect(refused.text).toContain("The payload does not fit the spell&#x27;s input: /text must");
  const again = { form_id: hidden(refused.text, "form_id"), version: "1.0.0", "/text": "now" };
  expect((await send(sessionToken, "spells/qr-code", again)).status).toBe(200);
});

test("who is stopped by the most they wanted to pay is told what that cost", async () => {
  const { sessionToken } = await web.person();
  await publishWat(web.platform, "costly", HOSTILE.endlessLoop, { rateMicros: 1_000_000, fuel: 100_000_000 });
  const fields = { ...(await formOf(sessionToken, "costly")), "/": "1", max_cost_cents: "1" };
  const { status, text } = await send(sessionToken, "spells/costly", fields);
  expect(status).toBe(422);
  expect(text).toContain("FUEL_EXHAUSTED");
  expect(text).not.toContain("Nothing was charged");
  expect(text).toContain("$0.01");
});

test("a form made for an earlier version is shown again before it casts", async () => {
  const { sessionToken, apiKey } = await web.person();
  const form = await formOf(sessionToken, "echo");
  const { status, text } = await send(sessionToken, "spells/echo", { ...form, version: "0.9.0", "/": "7" });
  expect(status).toBe(409);
  expect(text).toContain("This spell has changed since you opened the page.");
  expect(await callsOf(apiKey)).toBe(0);
});

test("who is not signed in is led to sign in, and comes back to what they had typed", async () => {
  const { sessionToken } = await web.person();
  const fields = { ...(await formOf(sessionToken, "qr-code")), "/text": "kept", "/ecc": '"H"' };
  const led = await send("gone", "spells/qr-code", fields);
  expect(led.status).toBe(302);
  const next = new URL(led.headers.get("Location") ?? "", web.baseUrl).searchParams.get("next") ?? "";
  expect(next).not.toContain(fields.form_id);
  const back = await page(sessionToken, next.replace("/dashboard/", ""));
  expect(back.text).toMatch(/>\n?kept<\/textarea>/);
  expect(back.text).toContain('<option value="&quot;H&quot;" selected="">');
});
