import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { readJobs } from "../support/jobs.ts";
import { startTestWeb, type TestWeb } from "../support/web.ts";

const SECRET = "an-operator's-secret-of-40-characters-xx";
const PATH = "/admin/billing/process-monthly";

let web: TestWeb;
beforeAll(async () => {
  web = await startTestWeb({ env: { ADMIN_SECRET: SECRET, RATE_LIMIT_ADDRESS_RPM: "5" } });
});
afterAll(() => web.close());

const post = (secret?: string) =>
  web.call("POST", PATH, { headers: secret === undefined ? {} : { "X-Admin-Secret": secret } });

test("the operator's run says what it did, and may be made again", async () => {
  const answers = await Promise.all([post(SECRET), post(SECRET)]);
  expect(answers.map(({ status, body }) => [status, body])).toEqual([
    [200, { closed: 0, waiting: 0 }],
    [200, { closed: 0, waiting: 0 }],
  ]);
});

test("a run that takes longer than a proxy waits answers 202, and the job goes on", async () => {
  const { accountId } = await web.person();
  await web.platform.db.sql`
    insert into usage_months (account_id, month, settled_micros, calls) values (${accountId}, '2025-01-01', 1, 1)`;
  const jobs = async () => (await readJobs(web.database, "close-months")).length;
  const before = await jobs();
  // Its time is over as soon as it begins.
  const timeout = vi.spyOn(AbortSignal, "timeout").mockReturnValue(AbortSignal.abort());
  const answer = await post(SECRET).finally(() => timeout.mockRestore());
  expect([answer.status, answer.body]).toEqual([202, { closed: 0, waiting: 0 }]);
  expect(await jobs()).toBe(before + 1);
});

test("whoever guesses is refused, and soon counted out", async () => {
  const guesses = [undefined, "", "x", SECRET.slice(1), `${SECRET} `.trim() + "y", SECRET.toUpperCase()];
  const statuses: number[] = [];
  for (const guess of guesses) statuses.push((await post(guess)).status);
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  // A right secret is no guess.
  expect((await post(SECRET)).status).toBe(200);
});

test("a person's session or key opens nothing there", async () => {
  const { apiKey } = await web.person();
  expect((await web.call("POST", PATH, { key: apiKey })).status).not.toBe(200);
});

test("without a configured secret there is no such address", async () => {
  const plain = await startTestWeb();
  expect((await plain.call("POST", PATH, { headers: { "X-Admin-Secret": "" } })).status).toBe(404);
  await plain.close();
});
