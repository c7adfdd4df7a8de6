import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestWeb, type Person, type TestWeb } from "../support/web.ts";

let web: TestWeb;
beforeAll(async () => {
  web = await startTestWeb({ env: { BUDGET_MIN_CENTS: "1000" } });
});
afterAll(() => web.close());

const PATH = "/dashboard/billing";

async function visit({ sessionToken }: Person, path = PATH, language = "en"): Promise<string> {
  const { status, text } = await web.call("GET", path, {
    headers: { Cookie: `spell_session=${sessionToken}`, "Accept-Language": language },
  });
  expect(status).toBe(200);
  return text.replaceAll("<!-- -->", "");
}

/** Sends the form as a browser without JavaScript does. */
async function send(person: Person | null, fields: Readonly<Record<string, string>>, language = "en") {
  const answer = await web.call("POST", PATH, {
    rawBody: new URLSearchParams(fields).toString(),
    headers: {
      ...(person === null ? {} : { Cookie: `spell_session=${person.sessionToken}` }),
      "Accept-Language": language,
      "Content-Type": "application/x-www-form-urlencoded",
      Origin: new URL(web.platform.config.APP_URL).origin,
    },
  });
  return {
    ...answer,
    location: answer.headers.get("Location"),
    text: answer.text.replaceAll("<!-- -->", ""),
  };
}

const budget = async ({ apiKey }: Person) => (await web.call("GET", "/v1/budgets", { key: apiKey })).body;
const save = { intent: "save", period: "monthly", soft_limit: "" };

test("a limit is saved as typed, is in force, and the page says so", async () => {
  const person = await web.person();
  const { status, location } = await send(person, {
    intent: "save",
    hard_limit: "１００．５０",
    period: "daily",
    soft_limit: " $80 ",
  });
  expect([status, location]).toEqual([303, `${PATH}?saved=limit`]);
  expect(await budget(person)).toMatchObject({
    period: "daily",
    hard_limit_cents: 10_050,
    soft_limit_cents: 8_000,
    notify_thresholds: [70, 90],
  });
  const page = await visit(person, location ?? "");
  expect(page).toContain("Saved. The new limit is in force from your next cast.");
  expect(page).toContain("In force: $100.50 a day, and at most $500.00 in a month. You are told at $80.00.");
  expect(page).toMatch(/name="hard_limit"[^>]*value="100\.50"/);
  expect(await visit(person, PATH, "ja")).toContain("現在の上限：1 日 $100.50、1 か月では最大 $500.00");
});

test("thresholds stay as they are", async () => {
  const person = await web.person();
  await web.call("PUT", "/v1/budgets", { key: person.apiKey, body: { notify_thresholds: [50] } });
  await send(person, { ...save, hard_limit: "20" });
  expect(await budget(person)).toMatchObject({ hard_limit_cents: 2_000, notify_thresholds: [50] });
});

test("an account without card and budget sets its first, and is told what bounds it too", async () => {
  const person = await web.person({ hasCard: false });
  expect(await visit(person)).toContain("Without a card you can spend $1.00 a month in all");
  expect((await send(person, { ...save, hard_limit: "20" })).status).toBe(303);
  expect(await budget(person)).toMatchObject({ hard_limit_cents: 2_000, notify_thresholds: [70, 90] });
});

test("every wrong field says what is wrong, what was typed stays, and nothing is saved", async () => {
  const person = await web.person();
  const fields = { intent: "save", hard_limit: "501", period: "daily", soft_limit: "lots" };
  const { status, text } = await send(person, fields);
  expect(status).toBe(400);
  expect(text).toContain("The limit must be from $10.00 to $500.00.");
  expect(text).toContain("Type an amount such as 100 or 100.50.");
  expect(text).toMatch(/name="hard_limit"[^>]*aria-invalid="true"[^>]*value="501"/);
  expect(text).toMatch(/name="soft_limit"[^>]*aria-describedby="soft_limit-problem soft_limit-hint"/);
  expect(text).toMatch(/<input[^>]*checked=""[^>]*value="daily"/);
  expect((await send(person, fields, "ja")).text).toContain(
    "上限は $10.00 から $500.00 までの金額にしてください。",
  );
  expect(await budget(person)).toMatchObject({ hard_limit_cents: 5_000 });
});

test("a form without fields changes nothing", async () => {
  const person = await web.person({ hardCents: 2_000 });
  const { status, text } = await send(person, {});
  expect([status, text.includes("Type an amount.")]).toEqual([400, true]);
  expect(text).toContain("Choose monthly or daily.");
  expect(await budget(person)).toMatchObject({ hard_limit_cents: 2_000 });
});

test("a reset asks first, and then the default is in force", async () => {
  const person = await web.person({ hardCents: 2_000 });
  const page = await visit(person);
  expect(page).toContain('href="/dashboard/billing?reset=ask#reset"');
  expect(page).not.toContain('value="reset"');
  const question = await visit(person, `${PATH}?reset=ask`);
  expect(question).toContain("Give up your own limit?");
  expect(question).toContain('value="reset"');
  expect(await budget(person)).toMatchObject({ hard_limit_cents: 2_000 });
  for (const _twice of [1, 2]) {
    const { status, location } = await send(person, { intent: "reset" });
    expect([status, location]).toEqual([303, `${PATH}?saved=reset`]);
    expect(await budget(person)).toMatchObject({ hard_limit_cents: 5_000, period: "monthly" });
  }
  // What is the default already is not offered to be reset.
  expect(await visit(person)).not.toContain("reset=ask");
});

test("whoever is signed out keeps what they typed", async () => {
  const { status, location } = await send(null, { ...save, hard_limit: "77" });
  expect(status).toBe(302);
  const next = new URL(location ?? "", web.baseUrl).searchParams.get("next") ?? "";
  expect(await visit(await web.person(), next)).toMatch(/name="hard_limit"[^>]*value="77"/);
});

test("a form of another site changes nothing", async () => {
  const person = await web.person();
  const { status } = await web.call("POST", PATH, {
    rawBody: new URLSearchParams({ ...save, hard_limit: "20" }).toString(),
    headers: {
      Cookie: `spell_session=${person.sessionToken}`,
      "Content-Type": "application/x-www-form-urlencoded",
      Origin: "https://evil.example",
    },
  });
  expect(status).toBe(403);
  expect(await budget(person)).toMatchObject({ hard_limit_cents: 5_000 });
});

test("where the operator has no account at Stripe, nothing is offered that would fail", async () => {
  const page = await visit(await web.person({ hasCard: false }));
  expect(page).toContain("Cards cannot be registered here");
  expect(page).not.toContain(`action="${PATH}/card"`);
  expect(await visit(await web.person(), PATH, "ja")).toContain("Visa（末尾 4242）");
});
