import { afterAll, beforeAll, expect, test } from "vitest";
import { command, publishSamples, publishWat } from "../support/spells.ts";
import { openPages, type Pages } from "../support/pages.ts";
import { startTestWeb, type TestWeb } from "../support/web.ts";

let web: TestWeb;
let pages: Pages;
beforeAll(async () => {
  web = await startTestWeb();
  pages = openPages(web);
  await publishSamples(web.platform, "echo", "sha256");
  await publishWat(
    web.platform,
    "talker",
    command("(call $log (i32.const 64) (i32.const 5)) unreachable", {
      data: '(data (i32.const 64) "alas!")',
    }),
  );
});
afterAll(() => web.close());

const page = (token: string, path: string, language = "en") =>
  web.call("GET", `/dashboard/${path}`, {
    headers: { Cookie: `spell_session=${token}`, "Accept-Language": language },
  });
const links = (html: string) =>
  [...html.matchAll(/href="\/dashboard\/casts\/([0-9a-f-]{36})"/g)].map(([, id]) => id);

test("who has not cast yet is led to the grimoire", async () => {
  const { sessionToken } = await web.person();
  expect((await page(sessionToken, "casts")).text).toContain("No cast has ended yet.");
  expect((await page(sessionToken, "casts", "ja")).text).toContain("終了したキャストはまだありません。");
});

test("the history shows states in words and exact costs, newest first, in both languages", async () => {
  const { sessionToken, apiKey } = await web.person();
  const paid = (await web.cast(apiKey, "echo", 1)).body.id;
  const free = (await web.cast(apiKey, "sha256", { text: "a" })).body.id;
  const failed = (await web.cast(apiKey, "talker", 1)).body.cast_id;
  const { text } = await page(sessionToken, "casts");
  expect(links(text)).toEqual([failed, free, paid]);
  for (const shown of ["Failed: the program trapped", "Completed", "$0.01", "Free"])
    expect(text).toContain(shown);
  const japanese = await page(sessionToken, "casts", "ja");
  expect(japanese.text).toContain("失敗：プログラムの異常停止");
});

test("filters narrow the history, and what cannot be looked for is marked", async () => {
  const { sessionToken, apiKey } = await web.person();
  const paid = (await web.cast(apiKey, "echo", 1)).body.id;
  const failed = (await web.cast(apiKey, "talker", 1)).body.cast_id;
  const found = async (query: string) => links((await page(sessionToken, `casts?${query}`)).text);
  const prefix = apiKey.split("_")[2] ?? "";
  const today = new Date().toISOString().slice(0, 10);
  expect(await found("spell=echo&status=&key=&from=&to=")).toEqual([paid]);
  expect(await found("status=FAILED")).toEqual([failed]);
  expect(await found(`key=${prefix}`)).toEqual([failed, paid]);
  expect(await found("to=2020-01-01")).toEqual([]);
  expect(await found(`from=${today}&spell=talker`)).toEqual([failed]);
  const wrong = await page(sessionToken, "casts?from=yesterday&spell=echo");
  expect(wrong.status).toBe(400);
  expect(wrong.text).toMatch(/id="from"[^>]* value="yesterday"[^>]*|value="yesterday"/);
  expect(wrong.text).toContain('aria-invalid="true"');
  expect(wrong.text).toContain("This cannot be searched for.");
  expect((await page(sessionToken, "casts?status=LOST")).status).toBe(400);
});

test("pages lead on with the same filters", async () => {
  const { sessionToken, apiKey } = await web.person();
  for (let i = 0; i < 21; i++) await web.cast(apiKey, "sha256", { text: String(i) });
  const first = (await page(sessionToken, "casts?spell=sha256")).text;
  const next = /href="\/dashboard\/casts(\?spell=sha256&amp;cursor=[^"]+)"/
    .exec(first)?.[1]
    ?.replaceAll("&amp;", "&");
  expect(links(first)).toHaveLength(20);
  const second = (await page(sessionToken, `casts${next ?? ""}`)).text;
  expect(links(second)).toHaveLength(1);
  expect(links(first)).not.toContain(links(second)[0]);
  expect(second).toContain("Newest casts");
});

test("one cast shows what stands in the books, its log, and its result while that is kept", async () => {
  const { sessionToken, apiKey } = await web.person();
  const failed = (await web.cast(apiKey, "talker", 1)).body.cast_id;
  const { text } = await page(sessionToken, `casts/${failed}`);
  for (const shown of ["Failed: the program trapped", "alas!", failed]) expect(text).toContain(shown);
  const plain = (await web.cast(apiKey, "echo", "once")).body.id;
  expect((await page(sessionToken, `casts/${plain}`)).text).toContain("No result is kept.");
  const kept = await web.call("POST", "/v1/cast", {
    key: apiKey,
    body: { spell_name: "echo", payload: "a kept result" },
    headers: { "Idempotency-Key": "one" },
  });
  expect((await page(sessionToken, `casts/${kept.body.id}`)).text).toContain("&quot;a kept result&quot;");
});

test("a kept result that is null is shown, and is not taken for one that is not kept", async () => {
  const { sessionToken, apiKey } = await web.person();
  const kept = await web.call("POST", "/v1/cast", {
    key: apiKey,
    body: { spell_name: "echo", payload: null },
    headers: { "Idempotency-Key": "nothing" },
  });
  const { text } = await page(sessionToken, `casts/${kept.body.id}`);
  expect(text).toContain("<code>null</code>");
  expect(text).not.toContain("No result is kept.");
});

/** Queues a cast; no worker lives here, so it stays queued. */
const queue = async (key: string): Promise<string> => {
  const answer = await web.call("POST", "/v1/cast", {
    key,
    body: { spell_name: "echo", payload: 1 },
    headers: { Prefer: "respond-async" },
  });
  return answer.body.id;
};

test("a queued cast is listed above those that ended, and is cancelled without JavaScript", async () => {
  const person = await web.person();
  const ended = (await web.cast(person.apiKey, "echo", 1)).body.id;
  const queued = await queue(person.apiKey);
  const { text } = await pages.read("/dashboard/casts", person);
  expect(links(text)).toEqual([queued, ended]);
  expect(text).toContain("Queued and running");
  const cancel = `/dashboard/casts/${queued}/cancel`;
  expect(text).toContain(`href="${cancel}"`);
  expect((await pages.read(cancel, person)).text).toContain("Cancel the cast of echo?");
  expect((await pages.read(cancel, person, { "Accept-Language": "ja" })).text).toContain(
    "echo のキャストを取り消しますか？",
  );
  const done = await pages.post(cancel, person, {});
  expect(done.headers.get("Location")).toBe(`/dashboard/casts/${queued}?done=cancelled`);
  const after = await pages.read(`/dashboard/casts/${queued}?done=cancelled`, person);
  expect(after.text).toContain("The cast is cancelled. It did not run and costs nothing.");
  const late = await pages.post(cancel, person, {});
  expect(late.headers.get("Location")).toBe(`/dashboard/casts/${queued}?done=late`);
  expect((await pages.read(cancel, person)).text).not.toContain("Cancel the cast</button>");
  expect((await pages.read("/dashboard/casts", person)).text).not.toContain("Queued and running");
});

test("nobody sees or cancels another person's queued cast", async () => {
  const [mine, theirs] = [await web.person(), await web.person()];
  const queued = await queue(mine.apiKey);
  const cancel = `/dashboard/casts/${queued}/cancel`;
  expect((await pages.read("/dashboard/casts", theirs)).text).not.toContain(queued);
  expect((await pages.read(cancel, theirs)).status).toBe(404);
  expect((await pages.post(cancel, theirs, {})).status).toBe(404);
  const { text } = await pages.read(`/dashboard/casts/${queued}`, mine);
  expect(text).toContain("Queued");
  // What it costs is not known before its end.
  expect(text).not.toContain("Free");
});

test("another person's cast does not exist, nor does what is no cast", async () => {
  const [mine, theirs] = [await web.person(), await web.person()];
  const id = (await web.cast(mine.apiKey, "echo", 1)).body.id;
  expect((await page(theirs.sessionToken, `casts/${id}`)).status).toBe(404);
  expect((await page(mine.sessionToken, "casts/none")).status).toBe(404);
});
