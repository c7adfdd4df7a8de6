/** The demo person of a local stack: signed in by the login itself, with a card on file and a key. */
import { eq } from "drizzle-orm";
import { z } from "zod";
import { paymentMethods } from "../drizzle/schema/index.ts";
import { readConfig } from "../server/config.ts";
import { SCOPES } from "../server/context.ts";
import { connect } from "../server/db/connect.ts";
import { registerCard } from "../server/services/billing/register-card.ts";
import { patientFetch, type Patience } from "./patient-fetch.ts";
import { signIn } from "./sign-in.ts";

const CARD = { brand: "visa", last4: "4242", expMonth: 12, expYear: 2034 };
const LOGIN = "demo";
/** Longer than a window of the rate limits, which is a minute. */
const TIMEOUT_MS = 90_000;

const meAnswer = z.object({ user_id: z.string() });
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

/** Puts a card on file, unless the account has one, or had: whoever removed it meant it. */
async function giveCard(env: NodeJS.ProcessEnv, accountId: string): Promise<void> {
  const config = readConfig(env);
  const db = connect({ url: config.DATABASE_URL, poolSize: 1, applicationName: "spell-demo" });
  try {
    const ofAccount = eq(paymentMethods.accountId, accountId);
    // Two stacks may both find none: the second card takes the place of the first, and is the same.
    if ((await db.drizzle.$count(paymentMethods, ofAccount)) === 0)
      await registerCard({ db, config }, accountId, { ...CARD, stripeId: `pm_demo_${accountId}` });
  } finally {
    await db.close();
  }
}

export interface DemoInput {
  /** Where the web process serves. */
  readonly baseUrl: string;
  /** The web process's environment. */
  readonly env: NodeJS.ProcessEnv;
  /** A key of an earlier start. */
  readonly rememberedKey: string | undefined;
  /** Ends it at once. */
  readonly stop: AbortSignal;
}

/** Signs the demo person in and sees to it that they can cast. Repeatable; only the session is new each time. */
export async function openDemo(input: DemoInput): Promise<{ apiKey: string; sessionToken: string }> {
  const { baseUrl, env, rememberedKey, stop } = input;
  const me = new URL("/auth/me", baseUrl);
  const { sessionToken } = await signIn({ baseUrl, login: LOGIN, stop });
  const patience = { giveUpAtMs: Date.now() + TIMEOUT_MS, stop };
  const { user_id: accountId } = meAnswer.parse(await call(me, sessionToken, patience));
  await giveCard(env, accountId);
  if (rememberedKey !== undefined) {
    const owner = meAnswer.safeParse(await call(me, rememberedKey, patience));
    if (owner.data?.user_id === accountId) return { apiKey: rememberedKey, sessionToken };
  }
  const wishes = { name: "Demo key", scopes: SCOPES };
  const made = await call(new URL("/v1/keys", baseUrl), sessionToken, patience, wishes);
  return { apiKey: keyAnswer.parse(made).api_key, sessionToken };
}
