import Stripe from "stripe";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createStripeEventStore } from "../../server/db/stripe-events.ts";
import { startTestBilling, WEBHOOK_SECRET, type TestBilling } from "../support/billing.ts";
import { asWorker } from "../support/jobs.ts";
import { startTestWeb, type TestWeb } from "../support/web.ts";

let billing: TestBilling;
let web: TestWeb;
beforeAll(async () => {
  billing = await startTestBilling();
  web = billing.web;
});
afterAll(() => billing.close());

const newId = () => `evt_${randomUUID().replaceAll("-", "")}`;

const eventOf = (id: string, more: object = {}) =>
  JSON.stringify({
    id,
    object: "event",
    api_version: Stripe.API_VERSION,
    type: "charge.succeeded",
    created: 1_700_000_000,
    livemode: false,
    data: { object: { id: "ch_1", object: "charge" } },
    ...more,
  });

const sign = (payload: string, secret = WEBHOOK_SECRET, ageSeconds = 0) =>
  Stripe.webhooks.generateTestHeaderString({
    payload,
    secret,
    timestamp: Math.floor(Date.now() / 1_000) - ageSeconds,
  });

const send = (rawBody: string, signature = sign(rawBody), path = "/webhooks/stripe") =>
  web.call("POST", path, { rawBody, headers: { "Stripe-Signature": signature } });

const stored = (id: string) => web.platform.db.sql`select * from stripe_events where id = ${id}`;

const jobsOf = (id: string) =>
  asWorker(
    web.database,
    (sql) => sql`select 1 from graphile_worker._private_jobs where payload ->> 'event_id' = ${id}`,
  );

async function countOf(type: string, outcome: string): Promise<number> {
  const { values } = await web.platform.metrics.stripeWebhooks.get();
  return values.find(({ labels }) => labels.type === type && labels.outcome === outcome)?.value ?? 0;
}

test.each(["/webhooks/stripe", "/v1/webhooks/stripe"])(
  "an event at %s is stored with its job, and answered without any credential",
  async (path) => {
    const id = newId();
    const answer = await send(eventOf(id), undefined, path);
    expect([answer.status, answer.body["received"]]).toEqual([200, true]);
    expect(await stored(id)).toMatchObject([
      {
        type: "charge.succeeded",
        object_id: "ch_1",
        happened_at: new Date(1_700_000_000_000),
        handled_at: null,
      },
    ]);
    expect(await jobsOf(id)).toHaveLength(1);
  },
);

test("an event that comes again, also many times at once, is stored once and has one job", async () => {
  const body = eventOf(newId());
  const { id } = JSON.parse(body) as { id: string };
  const duplicates = await countOf("other", "duplicate");
  const answers = await Promise.all(Array.from({ length: 20 }, () => send(body)));
  expect(answers.map(({ status }) => status)).toEqual(Array<number>(20).fill(200));
  expect(await stored(id)).toHaveLength(1);
  expect(await jobsOf(id)).toHaveLength(1);
  expect((await countOf("other", "duplicate")) - duplicates).toBe(19);
});

const FORGED: readonly (readonly [string, (body: string) => string])[] = [
  ["no signature", () => ""],
  ["nonsense", () => "t=1,v1=00"],
  ["another secret's", (body) => sign(body, "whsec_other")],
  ["another body's", (body) => sign(`${body} `)],
  ["one of 301 seconds ago", (body) => sign(body, WEBHOOK_SECRET, 301)],
  ["an older scheme's", (body) => sign(body).replace("v1=", "v0=")],
];

test.each(FORGED)("with %s it is refused and leaves no trace", async (_, signatureOf) => {
  const id = newId();
  const body = eventOf(id);
  const answer = await send(body, signatureOf(body));
  expect([answer.status, answer.body.error]).toEqual([400, "invalid_signature"]);
  expect(await stored(id)).toHaveLength(0);
});

test("a signature of not quite 300 seconds ago is good", async () => {
  const body = eventOf(newId());
  expect((await send(body, sign(body, WEBHOOK_SECRET, 290))).status).toBe(200);
});

test.each([
  ["{", "malformed_body"],
  ["[]", "malformed_body"],
  ["null", "malformed_body"],
  [eventOf("ev_1"), "malformed_body"],
  [eventOf("evt_a b"), "malformed_body"],
  [eventOf(newId(), { type: "a\u0000b" }), "malformed_body"],
  [eventOf(newId(), { created: "now" }), "malformed_body"],
  [eventOf(newId(), { livemode: null }), "malformed_body"],
  [eventOf(newId(), { data: null }), "malformed_body"],
])("the signed body %s is no event", async (body, error) => {
  const answer = await send(body);
  expect([answer.status, answer.body.error]).toEqual([400, error]);
});

test("an event about what has no id, or a strange one, is kept without it", async () => {
  for (const object of [{}, { id: 7 }, { id: "a\u0000b" }, { id: "../x" }]) {
    const id = newId();
    expect((await send(eventOf(id, { data: { object } }))).status).toBe(200);
    expect(await stored(id)).toMatchObject([{ object_id: null }]);
  }
});

test("a message of 256 KiB is taken, one byte more is not, however its length is told", async () => {
  const sized = (bytes: number) => {
    const empty = eventOf(newId(), { padding: "" });
    return empty.replace('"padding":""', `"padding":"${"x".repeat(bytes - empty.length)}"`);
  };
  const [most, more] = [sized(262_144), sized(262_145)];
  expect((await send(most)).status).toBe(200);
  for (const path of ["/webhooks/stripe", "/v1/webhooks/stripe"]) {
    const answer = await send(more, sign(more), path);
    expect([answer.status, answer.body.error]).toEqual([413, "payload_too_large"]);
  }
  const chunked = await fetch(`${web.baseUrl}/webhooks/stripe`, {
    method: "POST",
    body: new Blob([more]).stream(),
    headers: { "Stripe-Signature": sign(more) },
    duplex: "half",
  });
  expect(chunked.status).toBe(413);
});

test("an event of Stripe's other mode is answered and not kept", async () => {
  const id = newId();
  expect((await send(eventOf(id, { livemode: true }))).status).toBe(200);
  expect(await stored(id)).toHaveLength(0);
  expect(await countOf("other", "other_mode")).toBe(1);
});

test("1,000 events at once are all stored, with a job each", async () => {
  const before = await web.platform.db.sql`select id from stripe_events`;
  const bodies = Array.from({ length: 1_000 }, () => eventOf(newId()));
  const answers = await Promise.all(bodies.map((body) => send(body)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  const after = await web.platform.db.sql`select id from stripe_events`;
  expect(after.length - before.length).toBe(1_000);
  const [jobs] = await asWorker(
    web.database,
    (sql) => sql<[{ count: number }]>`
      select count(distinct payload ->> 'event_id')::integer as count
        from graphile_worker._private_jobs where payload ->> 'event_id' is not null`,
  );
  expect(jobs.count).toBe(after.length);
});

test("two processes that are told the same in opposite orders store each event once", async () => {
  const { sql } = web.platform.db;
  const ids = Array.from({ length: 200 }, () => newId());
  const tell = (told: readonly string[]) => {
    const store = createStripeEventStore(sql);
    return Promise.all(
      told.map((id) => store.submit({ id, type: "charge.succeeded", objectId: null, happenedAtS: 1 })),
    );
  };
  const answers = await Promise.all([tell(ids), tell(ids.toReversed())]);
  expect(answers.flat().filter((isNew) => isNew)).toHaveLength(200);
  expect(await sql`select 1 from stripe_events where id = any (${ids})`).toHaveLength(200);
});

test("what no handler is for is counted as other, whatever it is called", async () => {
  const body = eventOf(newId(), { type: "a.type.of.somebody_5" });
  expect((await send(body)).status).toBe(200);
  const { values } = await web.platform.metrics.stripeWebhooks.get();
  expect(values.map(({ labels }) => labels.type)).not.toContain("a.type.of.somebody_5");
});

test("strangers are counted against their address, and who signs as Stripe is not", async () => {
  const env = {
    RATE_LIMIT_ADDRESS_RPM: "3",
    STRIPE_SECRET_KEY: "sk_test_a",
    STRIPE_WEBHOOK_SECRET: `whsec_next,${WEBHOOK_SECRET}`,
  };
  const strict = await startTestWeb({ env });
  const post = (rawBody: string, signature: string) =>
    strict.call("POST", "/webhooks/stripe", { rawBody, headers: { "Stripe-Signature": signature } });
  try {
    const body = eventOf(newId());
    const huge = "x".repeat(300_000);
    expect((await post(body, sign(body, "whsec_other"))).status).toBe(400);
    expect((await post(huge, sign(huge))).status).toBe(413);
    expect((await post("{", sign("{"))).status).toBe(400);
    expect((await post(body, sign(body, "whsec_other"))).status).toBe(429);
    // While the secret is rolled both hold.
    for (const secret of ["whsec_next", WEBHOOK_SECRET]) {
      const good = eventOf(newId());
      expect((await post(good, sign(good, secret))).status).toBe(200);
    }
  } finally {
    await strict.close();
  }
});

test("without a secret there is nothing at these addresses", async () => {
  const bare = await startTestWeb({ database: web.database });
  try {
    for (const path of ["/webhooks/stripe", "/v1/webhooks/stripe"]) {
      const body = eventOf(newId());
      const answer = await bare.call("POST", path, {
        rawBody: body,
        headers: { "Stripe-Signature": sign(body) },
      });
      expect([answer.status, answer.body.error]).toEqual([404, "route_not_found"]);
    }
  } finally {
    await bare.close();
  }
});

test("the address takes nothing but messages", async () => {
  const answer = await web.call("GET", "/webhooks/stripe");
  expect([answer.status, answer.headers.get("Allow")]).toEqual([405, "POST"]);
});
