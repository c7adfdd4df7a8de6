import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { command, publishSamples, publishWat } from "../support/spells.ts";
import { startTestWeb, type TestWeb } from "../support/web.ts";

let web: TestWeb;
beforeAll(async () => {
  web = await startTestWeb();
  await publishSamples(web.platform, "echo");
  await publishWat(web.platform, "failing", command("unreachable"), { cents: 1, fuel: 1_000_000 });
});
afterAll(() => web.close());

interface Entry {
  readonly seq: number;
  readonly kind: string;
  readonly pseudonym: string | null;
  readonly subject: string | null;
  readonly amount_micros: number;
  readonly details: Readonly<Record<string, unknown>>;
  readonly details_text: string;
  readonly previous_hash: string;
  readonly hash: string;
}

const read = async (key: string, query = "") => {
  const answer = await web.call("GET", `/v1/ledger/entries?${query}`, { key });
  expect(answer.status).toBe(200);
  return { entries: answer.body.data as unknown as Entry[], next: answer.body.next_cursor };
};

/** The verifier of the documentation, which has no code of ours: its exit code and what it said. */
async function verify(entries: readonly object[]): Promise<{ code: number; said: string }> {
  const script = fileURLToPath(new URL("../../docs/examples/verify-ledger.ts", import.meta.url));
  const child = spawn(process.execPath, [script], { stdio: ["pipe", "pipe", "pipe"] });
  const exited = new Promise<number>((resolve) => child.once("close", (code) => resolve(code ?? -1)));
  child.stdin.end(JSON.stringify({ data: entries }));
  const said = (await text(child.stdout)) + (await text(child.stderr));
  return { code: await exited, said };
}

test("an account reads its own entries: what happened, when, for how much", async () => {
  const { apiKey } = await web.person({ hasCard: false });
  const cast = (await web.cast(apiKey, "echo", "é\u2028🪄")).body;
  const failed = (await web.cast(apiKey, "failing", 1)).body;
  const { entries, next } = await read(apiKey);
  expect(next).toBeNull();
  expect(entries.map(({ kind, amount_micros, subject }) => [kind, amount_micros, subject])).toEqual([
    ["account.opened", 0, null],
    ["key.created", 0, expect.any(String)],
    ["cast.settled", 10_000, cast.id],
    ["credit.allowance", -10_000, cast.id],
    ["cast.settled", 0, failed.cast_id],
  ]);
  expect(entries[2]?.details).toMatchObject({
    state: "completed",
    hold_micros: 10_000,
    funding: "allowance",
  });
  expect(JSON.parse(entries[2]?.details_text ?? "")).toEqual(entries[2]?.details);
  expect(new Set(entries.map(({ pseudonym }) => pseudonym)).size).toBe(1);
});

test("the documentation's own verifier recomputes each entry from what the API gives", async () => {
  const { apiKey } = await web.person();
  await web.cast(apiKey, "echo", 1);
  const { entries } = await read(apiKey);
  expect(await verify(entries)).toEqual({ code: 0, said: `${entries.length} entries hold\n` });
  const last = entries[entries.length - 1];
  for (const change of [
    { amount_micros: 9_999 },
    { details_text: `${last?.details_text} ` },
    { subject: null },
    { kind: "cast.settleD" },
    { at_micros: 1 },
    { previous_hash: "00".repeat(32) },
    { hash: entries[0]?.hash },
  ]) {
    const seen = await verify([...entries.slice(0, -1), { ...last, ...change }]);
    expect([change, seen]).toEqual([change, { code: 1, said: `entry ${last?.seq} does not hold\n` }]);
  }
});

test("it recomputes the whole chain too, up to the public head", async () => {
  const rows = await web.platform.db.sql<(Omit<Entry, "details"> & { at_micros: number })[]>`
    select e.seq,
           (extract(epoch from e.at) * 1000000)::bigint as at_micros,
           e.kind,
           e.pseudonym,
           e.subject,
           e.amount_micros,
           convert_from(e.details, 'UTF8') as details_text,
           encode(coalesce(lag(e.hash) over (order by e.seq), decode(repeat('00', 32), 'hex')), 'hex') as previous_hash,
           encode(e.hash, 'hex') as hash
      from ledger_entries e
     order by e.seq`;
  expect(rows.length).toBeGreaterThan(5);
  expect((await verify(rows)).code).toBe(0);
  const head = await web.call("GET", "/v1/ledger/head");
  expect(head.body).toEqual({ seq: rows.length, hash: rows[rows.length - 1]?.hash });
  const gap = rows.map((row, at) => (at === 3 ? { ...row, hash: rows[2]?.hash } : row));
  expect((await verify(gap)).code).toBe(1);
});

test("pages follow each other by number, and what came later is asked for by the last one seen", async () => {
  const { apiKey } = await web.person();
  for (let i = 0; i < 5; i += 1) await web.cast(apiKey, "echo", i);
  const all = (await read(apiKey, "limit=100")).entries;
  const walked: Entry[] = [];
  for (let cursor: string | null = "0"; cursor !== null;) {
    const name = walked.length % 2 === 0 ? "after" : "cursor";
    const page = await read(apiKey, `limit=3&${name}=${cursor}`);
    walked.push(...page.entries);
    cursor = page.next;
    await web.cast((await web.person()).apiKey, "echo", 1);
  }
  expect(walked).toEqual(all);
  const last = all[all.length - 1]?.seq;
  expect((await read(apiKey, `after=${last}`)).entries).toEqual([]);
  await web.cast(apiKey, "echo", 1);
  expect((await read(apiKey, `after=${last}`)).entries).toHaveLength(1);
});

test("nobody reads another account's entries, and nobody without the scope read their own", async () => {
  const [mine, theirs] = [await web.person(), await web.person()];
  await web.cast(theirs.apiKey, "echo", 1);
  const [own, others] = [(await read(mine.apiKey)).entries, (await read(theirs.sessionToken)).entries];
  expect(own.some(({ seq }) => others.some((other) => other.seq === seq))).toBe(false);
  const { apiKey } = await web.person({ scopes: ["cast", "keys"] });
  const refused = await web.call("GET", "/v1/ledger/entries", { key: apiKey });
  expect([refused.status, refused.body["scope"]]).toEqual([403, "read"]);
  expect((await web.call("GET", "/v1/ledger/entries")).status).toBe(401);
});

test.each(["after=-1", "after=1.5", "after=x", "cursor=x", "limit=0", "after=1e400"])(
  "%s is refused",
  async (query) => {
    const { apiKey } = await web.person();
    const answer = await web.call("GET", `/v1/ledger/entries?${query}`, { key: apiKey });
    expect([answer.status, answer.body.fields[0]?.field]).toEqual([400, query.split("=")[0]]);
  },
);
