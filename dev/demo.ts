/** The demo person of a local stack: signed in by the login itself, with a card on file and a key. */
import { and, eq, isNotNull } from "drizzle-orm";
import { z } from "zod";
import { paymentMethods } from "../drizzle/schema/index.ts";
import { readConfig } from "../server/config.ts";
import { SCOPES } from "../server/context.ts";
import { connect } from "../server/db/connect.ts";
import { createStripe } from "../server/services/billing/stripe.ts";
import { patientFetch, type Patience } from "./patient-fetch.ts";
import { signIn } from "./sign-in.ts";

const CARD = "pm_card_visa";
const LOGIN = "demo";
/** Longer than a window of the rate limits, which is a minute. */
const TIMEOUT_MS = 90_000;

const meAnswer = z.object({ user_id: z.string() });
const setupAnswer = z.object({ client_secret: z.string().regex(/_secret_/) });
const keyAnswer = z.object({ api_key: z.string() });

/** A call of the running product with a session or a key; null when that opens nothing. */
async function call(url: URL, token: string, patience: Patience, body?: object): Promise<unknown> {
  const init = {
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    ...(body && { method: "POST", body: JSON.stringify(body) }),
  };
  const response = await patientFetch(url, init, patience);
  if (response.status === 401) return null;
  if (!response.ok) throw new Error(`${url.pathname} answered ${response.status}`);
  return response.json();
}

/** Whether the account has a card or had one: whoever removed it meant it. */
async function hadCard(env: NodeJS.ProcessEnv, accountId: string): Promise<boolean> {
  const db = connect({ url: readConfig(env).DATABASE_URL, poolSize: 1, applicationName: "spell-demo" });
  try {
    // Cards without Stripe's id are of before there was a Stripe: nobody removed them.
    const given = and(eq(paymentMethods.accountId, accountId), isNotNull(paymentMethods.stripeId));
    return (await db.drizzle.$count(paymentMethods, given)) > 0;
  } finally {
    await db.close();
  }
}

/** Puts a card on file as a page does: the emulator is told of it in the place of Stripe's script. */
async function giveCard({ baseUrl, env }: DemoInput, token: string, patience: Patience): Promise<void> {
  const stripe = createStripe(readConfig(env));
  if (stripe === null) throw new Error("there is no Stripe to give the demo card to");
  const begun = await call(new URL("/v1/billing/setup-intent", baseUrl), token, patience, {});
  const [id = ""] = setupAnswer.parse(begun).client_secret.split("_secret_");
  await stripe.setupIntents.confirm(id, { payment_method: CARD });
  const wish = { setup_intent_id: id };
  await call(new URL("/v1/billing/payment-method", baseUrl), token, patience, wish);
}

export interface DemoInput {
  /** Where the web process serves. */
  readonly baseUrl: string;
  /** The web process's environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Otherwise the demo person has no card: real Stripe's are given by people. */
  readonly hasStripeEmulator: boolean;
  /** A key of an earlier start. */
  readonly rememberedKey: string | undefined;
  /** Ends it at once. */
  readonly stop: AbortSignal;
}

/** Signs the demo person in and sees to it that they can cast. Repeatable; only the session is new each time. */
export async function openDemo(input: DemoInput): Promise<{ apiKey: string; sessionToken: string }> {
  const { baseUrl, env, hasStripeEmulator, rememberedKey, stop } = input;
  const me = new URL("/auth/me", baseUrl);
  const { sessionToken } = await signIn({ baseUrl, login: LOGIN, stop });
  const patience = { giveUpAtMs: Date.now() + TIMEOUT_MS, stop };
  const { user_id: accountId } = meAnswer.parse(await call(me, sessionToken, patience));
  if (hasStripeEmulator && !(await hadCard(env, accountId))) await giveCard(input, sessionToken, patience);
  if (rememberedKey !== undefined) {
    const owner = meAnswer.safeParse(await call(me, rememberedKey, patience));
    if (owner.data?.user_id === accountId) return { apiKey: rememberedKey, sessionToken };
  }
  const wishes = { name: "Demo key", scopes: SCOPES };
  const made = await call(new URL("/v1/keys", baseUrl), sessionToken, patience, wishes);
  return { apiKey: keyAnswer.parse(made).api_key, sessionToken };
}
