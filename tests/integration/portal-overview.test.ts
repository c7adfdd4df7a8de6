import { afterAll, beforeAll, expect, test } from "vitest";
import { publishSamples } from "../support/spells.ts";
import { startTestWeb, type Person, type TestWeb } from "../support/web.ts";

let web: TestWeb;
beforeAll(async () => {
  web = await startTestWeb({ env: { BUDGET_MIN_CENTS: "1000" } });
  await publishSamples(web.platform, "echo");
});
afterAll(() => web.close());

/** A page as text: React puts comments between a sentence's parts. */
async function page({ sessionToken }: Person, path: string, language = "en") {
  const { status, text } = await web.call("GET", path, {
    headers: { Cookie: `spell_session=${sessionToken}`, "Accept-Language": language },
  });
  expect(status).toBe(200);
  const body = text.slice(text.indexOf("<main"), text.indexOf("</main>")).replaceAll("<!-- -->", "");
  return body;
}

const spend = ({ accountId }: Person, micros: number) => web.platform.db.sql`
  insert into usage_months (account_id, month, settled_micros, calls)
  values (${accountId}, date_trunc('month', clock_timestamp() at time zone 'UTC')::date, ${micros}, 1)`;

test("who is not signed in is led to sign in, and back", async () => {
  const { status, headers } = await web.call("GET", "/dashboard");
  expect([status, headers.get("Location")]).toEqual([302, "/login?next=%2Fdashboard"]);
});

test("an account without a cast is led to its first key and its first cast", async () => {
  const person = await web.person({ hasCard: false });
  const english = await page(person, "/dashboard");
  expect(english).toContain('href="/dashboard/api-keys"');
  expect(english).toContain("No casts yet this month");
  expect(english).toContain("Without one you can spend up to $1.00 a month.");
  expect(english).toContain('href="/dashboard/billing#card"');
  expect(english).not.toContain("by day");
  const japanese = await page(person, "/dashboard", "ja");
  expect(japanese).toContain("今月はまだキャストがありません");
  expect(japanese).toContain("未登録の場合、月に $1.00 まで利用できます");
});

test("casts are seen in the figures, in the graph and by spell", async () => {
  const person = await web.person();
  await web.cast(person.apiKey, "echo", 1);
  await web.cast(person.apiKey, "echo", 2);
  const body = await page(person, "/dashboard");
  for (const shown of [
    "$0.02",
    "$49.98",
    "$50.00",
    "the default limit",
    "Visa ending in 4242",
    "Less than 1% spent",
  ]) {
    expect(body).toContain(shown);
  }
  expect(body).toMatch(/<svg role="img" aria-label="\$0\.02 spent in \w+ \d{4}, the most on/);
  expect(body).toMatch(
    /<th scope="row"[^>]*>echo<\/th><td class="figure">2<\/td><td class="figure">\$0\.02</,
  );
  // The policy of our pages refuses styles in attributes.
  expect(body).not.toContain("style=");
  const japanese = await page(person, "/dashboard", "ja");
  expect(japanese).toContain("日別使用額");
  expect(japanese).toContain("の使用額は $0.02 です");
});

test.each([
  [6_999_999, "You are below the limit.", "上限内です。"],
  [7_000_000, "70% of the limit or more is spent.", "上限の 70% 以上を使用しました。"],
  [9_000_000, "90% of the limit or more is spent.", "上限の 90% 以上を使用しました。"],
  [10_000_000, "The limit is spent.", "上限に達しました。"],
])("%d of 10 dollars: %s", async (micros, english, japanese) => {
  const person = await web.person({ hardCents: 1_000 });
  await spend(person, micros);
  expect(await page(person, "/dashboard")).toContain(english);
  expect(await page(person, "/dashboard", "ja")).toContain(japanese);
});

test("what is spent without a card is not answered with raising the limit", async () => {
  const person = await web.person({ hasCard: false });
  await web.platform.db.sql`
    insert into usage_months (account_id, month, settled_micros, allowance_settled_micros)
    values (${person.accountId}, date_trunc('month', clock_timestamp() at time zone 'UTC')::date, 1000000, 1000000)`;
  const body = await page(person, "/dashboard");
  expect(body).toContain("Without a card, you can spend again from");
  expect(body).not.toContain("Raise the limit");
});

test("only a limit that can be raised is said to be", async () => {
  const [lower, highest] = [await web.person({ hardCents: 1_000 }), await web.person({ hardCents: 50_000 })];
  await spend(lower, 10_000_000);
  await spend(highest, 500_000_000);
  expect(await page(lower, "/dashboard")).toContain("Raise the limit to go on");
  expect(await page(highest, "/dashboard")).toContain("This limit cannot be raised");
});
