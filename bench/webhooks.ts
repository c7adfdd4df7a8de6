/**
 * `make bench-webhooks`: how fast Stripe's events are answered, at 100 a second in an open loop: RATE=100, SECONDS=10. They
 * come one of ten twice, and the worker handles them meanwhile; nothing is asked of Stripe. Beside it the server's own bare
 * route, which says how busy the machine is.
 */
import { randomBytes } from "node:crypto";
import { Agent, request } from "node:http";
import Stripe from "stripe";
import { startBenchStack } from "./casts/stack.ts";
import { openLoop, type OpenLoopFigures } from "./webhooks/open-loop.ts";

const RATE = Number(process.env["RATE"] ?? 100);
const SECONDS = Number(process.env["SECONDS"] ?? 10);
const WARM_UP_SECONDS = 3;
const TWICE_OF_TEN = 1;
const GOAL_MS = 50;
const IDLE_MS = 3_000;
const SECRET = "whsec_bench";

/** A Stripe that nobody asks: the stack starts no emulator beside it, and the events are of a type without a handler. */
Object.assign(process.env, {
  STRIPE_SECRET_KEY: "sk_test_bench",
  STRIPE_WEBHOOK_SECRET: SECRET,
  STRIPE_API_BASE: "http://127.0.0.1:9",
});

const newEvent = () => {
  const id = randomBytes(12).toString("hex");
  return JSON.stringify({
    id: `evt_${id}`,
    object: "event",
    api_version: Stripe.API_VERSION,
    type: "charge.succeeded",
    created: Math.floor(Date.now() / 1_000),
    livemode: false,
    // About as long as a charge.
    data: { object: { id: `ch_${id}`, object: "charge", padding: "x".repeat(2_500) } },
  });
};

interface Call {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: string;
}

function call(agent: Agent, { method, url, headers = {}, body }: Call): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent, headers }, (response) => {
      response.resume();
      response.once("error", reject);
      response.once("end", () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${url} answered ${response.statusCode ?? 0}`));
      });
    });
    sent.once("error", reject);
    sent.end(body);
  });
}

const headersOf = (payload: string) => ({
  "Content-Type": "application/json",
  "Content-Length": Buffer.byteLength(payload),
  "Stripe-Signature": Stripe.webhooks.generateTestHeaderString({ payload, secret: SECRET }),
});

const print = (what: string, { count, p50Ms, p99Ms, slowestMs }: OpenLoopFigures) =>
  console.log(
    `${what}: ${count} at ${RATE}/s, p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms, slowest ${slowestMs.toFixed(2)} ms`,
  );

const stack = await startBenchStack();
/** Idle connections are let go of before the server does it: one that is closed while it is used again fails. */
const agent = new Agent({ keepAlive: true, timeout: IDLE_MS });
try {
  const url = `${stack.file.base_url}/webhooks/stripe`;
  let [before, sent] = [newEvent(), 0];
  const send = () => {
    sent += 1;
    const isRepeat = sent % 10 < TWICE_OF_TEN;
    if (!isRepeat) before = newEvent();
    return call(agent, { method: "POST", url, headers: headersOf(before), body: before });
  };
  const bare = () => call(agent, { method: "GET", url: `${stack.file.base_url}/healthz` });
  await openLoop({ perSecond: RATE, seconds: WARM_UP_SECONDS }, send);
  const loop = { perSecond: RATE, seconds: SECONDS };
  print("the server's bare route", await openLoop(loop, bare));
  const events = await openLoop(loop, send);
  print(`events (goal: p99 below ${GOAL_MS} ms)`, events);
  if (events.p99Ms >= GOAL_MS) process.exitCode = 1;
} finally {
  agent.destroy();
  await stack.end();
}
