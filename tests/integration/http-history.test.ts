import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { command, publishSamples, publishWat } from "../support/spells.ts";
import { startTestWeb, type TestWeb } from "../support/web.ts";

const clock = { offsetMs: 0 };
let web: TestWeb;
let owner: postgres.Sql;
beforeAll(async () => {
  web = await startTestWeb({ clock });
  owner = postgres(web.database.ownerUrl, { max: 1, onnotice: () => undefined });
  await publishSamples(web.platform, "echo", "text-stats");
  await publishWat(web.platform, "failing", command("unreachable"), { cents: 1, fuel: 1_000_000 });
});
afterAll(async () => {
  await owner.end();
  await web.close();
});

const DAY_MS = 86_400_000;
const today = () => new Date(Date.now() + clock.offsetMs).toISOString().slice(0, 10);

/** The ids of all pages, and how many pages there were. `between` happens after each but the last. */
async function walk(key: string, query: string, between: () => Promise<unknown> = () => Promise.resolve()) {
  const ids: string[] = [];
  let pages = 0;
  for (let cursor: string | null = ""; cursor !== null;) {
    const next = cursor === "" ? "" : `&cursor=${cursor}`;
    const page = await web.call("GET", `/v1/casts?${query}${next}`, { key });
    expect(page.status).toBe(200);
    ids.push(...page.body.data.map(({ id }) => id));
    pages += 1;
    cursor = page.body.next_cursor;
    if (cursor !== null) await between();
  }
  return { ids, pages };
}

const cast = async (key: string, spell: string) => {
  const { status, body } = await web.cast(key, spell, spell === "text-stats" ? { text: "x" } : 1);
  return status === 200 ? body.id : body.cast_id;
};

test("filters choose by spell, key, outcome and day, alone and together", async () => {
  const { apiKey, sessionToken } = await web.person();
  const other = (await web.call("POST", "/v1/keys", { key: sessionToken, body: { name: "o" } })).body;
  const firstDay = today();
  const a = await cast(apiKey, "echo");
  const b = await cast(apiKey, "failing");
  const c = await cast(sessionToken, "text-stats");
  clock.offsetMs += DAY_MS;
  const secondDay = today();
  const d = await cast(other.api_key, "echo");
  const e = await cast(other.api_key, "failing");
  const ids = async (query: string) => (await walk(apiKey, query)).ids;
  const mine = `key=${apiKey.split("_")[2]}`;

  expect(await ids("")).toEqual([e, d, c, b, a]);
  expect(await ids("spell=echo")).toEqual([d, a]);
  expect(await ids("spell=dev.spell.echo&limit=1")).toEqual([d, a]);
  expect(await ids("spell=never-published")).toEqual([]);
  expect(await ids(mine)).toEqual([b, a]);
  expect(await ids(`key=${other.prefix}&status=FAILED`)).toEqual([e]);
  expect(await ids("status=COMPLETED")).toEqual([d, c, a]);
  expect(await ids(`from=${secondDay}`)).toEqual([e, d]);
  expect(await ids(`to=${firstDay}`)).toEqual([c, b, a]);
  expect(await ids(`from=${firstDay}&to=${secondDay}&limit=2`)).toEqual([e, d, c, b, a]);
  expect(await ids(`from=${secondDay}&to=${firstDay}`)).toEqual([]);
  expect(await ids(`${mine}&spell=echo&status=COMPLETED&to=${firstDay}`)).toEqual([a]);
  expect(await ids(`${mine}&spell=echo&from=${secondDay}`)).toEqual([]);
});

test("a key's casts are found by each of its prefixes, and when it is revoked", async () => {
  const { apiKey, sessionToken } = await web.person();
  const old = apiKey.split("_")[2] ?? "";
  const id = await cast(apiKey, "echo");
  const rotated = await web.call("POST", `/v1/keys/${old}/rotate`, { key: sessionToken });
  await web.call("DELETE", `/v1/keys/${old}`, { key: sessionToken });
  for (const prefix of [old, rotated.body.prefix])
    expect((await walk(sessionToken, `key=${prefix}`)).ids).toEqual([id]);
});

test("another account's key has no casts here, and neither has its history", async () => {
  const [mine, theirs] = [await web.person(), await web.person()];
  await cast(theirs.apiKey, "echo");
  expect((await walk(mine.apiKey, `key=${theirs.apiKey.split("_")[2]}`)).ids).toEqual([]);
  expect((await walk(mine.apiKey, "spell=echo")).ids).toEqual([]);
});

test("pages go on where the last one ended while new casts come in", async () => {
  const { apiKey } = await web.person();
  const ids: string[] = [];
  for (let i = 0; i < 7; i += 1) ids.unshift(await cast(apiKey, i % 2 === 0 ? "echo" : "failing"));
  for (const query of ["limit=2", "limit=2&spell=echo"]) {
    const before = (await walk(apiKey, query)).ids;
    const walked = await walk(apiKey, query, () => cast(apiKey, "echo"));
    expect(walked.ids).toEqual(before);
    expect(walked.pages).toBeGreaterThan(1);
  }
});

test("casts of one and the same instant are listed once each, by any page size", async () => {
  const { apiKey, accountId } = await web.person();
  for (let i = 0; i < 6; i += 1) await cast(apiKey, i < 3 ? "echo" : "failing");
  await owner`update casts set admitted_at = '2026-05-05 05:05:05.123456+00' where account_id = ${accountId}`;
  const [all] = [(await walk(apiKey, "limit=100")).ids];
  expect(new Set(all).size).toBe(6);
  for (const limit of [1, 2, 5]) expect((await walk(apiKey, `limit=${limit}`)).ids).toEqual(all);
  const echoes = (await walk(apiKey, "limit=1&spell=echo")).ids;
  expect(echoes).toEqual(all.filter((id) => echoes.includes(id)));
  expect(echoes).toHaveLength(3);
});

test("every page comes out of an index in its order: nothing is sorted, nothing is walked over", async () => {
  const { accountId } = await web.person();
  const [key] = await owner<[{ id: string }]>`select id from api_keys where account_id = ${accountId}`;
  const [version] = await owner<[{ id: string }]>`select id from spell_versions limit 1`;
  await owner`
    insert into casts (
      id, account_id, key_id, version_id, day, month, funding, hold_micros, fuel_limit, admitted_at, seed,
      input_digest, state, error_code, cost_micros, log, ended_at
    )
    select gen_random_uuid(), ${accountId}, ${key.id}, ${version.id}, t.at::date, date_trunc('month', t.at), 'card', 0, 1,
           t.at, '', '', case when i % 1000 = 0 then 'failed' else 'completed' end,
           case when i % 1000 = 0 then 'WASM_TRAP' end, 0, '', t.at
      from generate_series(1, 20000) i
     cross join lateral (select timestamptz '2026-01-01' + i * interval '1 minute' as at) t`;
  await owner`analyze casts`;
  const plans = [
    owner`account_id = ${accountId}`,
    owner`account_id = ${accountId} and version_id = ${version.id}`,
    owner`account_id = ${accountId} and key_id = ${key.id}`,
    owner`account_id = ${accountId} and state = 'failed'`,
  ];
  for (const condition of plans) {
    const rows =
      await owner`explain select * from casts where ${condition} order by admitted_at desc, id desc limit 21`;
    const plan = rows.map((row) => String(row["QUERY PLAN"])).join("\n");
    expect(plan).toMatch(/Index Scan Backward using casts_newest/);
    expect(plan).not.toMatch(/Sort|Seq Scan/);
  }
});
