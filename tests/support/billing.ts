/** A Stripe emulator for a whole file of tests, and a web process that knows it. */
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Stripe from "stripe";
import { freePort } from "../../dev/free-port.ts";
import { startStripeEmulator, type StripeEmulator } from "../../dev/stripe/start.ts";
import { clientOf, PUBLISHABLE_KEY, SECRET_KEY } from "./stripe.ts";
import { startTestWeb, type Person, type TestWeb } from "./web.ts";

export const WEBHOOK_SECRET = "whsec_emulator0123456789";

export interface TestBilling {
  readonly emulator: StripeEmulator;
  /** Stripe's package with our keys. */
  readonly stripe: Stripe;
  readonly web: TestWeb;
  close(): Promise<void>;
}

export interface BillingOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Stripe tells the web process what happens. */
  readonly hasWebhooks?: boolean;
}

/** Close it in afterAll. */
export async function startTestBilling({
  env = {},
  hasWebhooks = false,
}: BillingOptions = {}): Promise<TestBilling> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "spell-billing-"));
  const emulator = await startStripeEmulator({
    port: 0,
    stateFile: join(folder, "stripe.db"),
    secretKey: SECRET_KEY,
    publishableKey: PUBLISHABLE_KEY,
    webhookUrl: hasWebhooks ? `http://localhost:${port}/webhooks/stripe` : null,
    webhookSecret: WEBHOOK_SECRET,
  });
  const web = await startTestWeb({
    env: {
      PORT: String(port),
      STRIPE_SECRET_KEY: SECRET_KEY,
      STRIPE_PUBLISHABLE_KEY: PUBLISHABLE_KEY,
      STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
      STRIPE_API_BASE: emulator.url,
      STRIPE_JS_URL: emulator.scriptUrl,
      STRIPE_CHECKOUT_URL: emulator.url,
      STRIPE_HOOKS_URL: emulator.url,
      ...env,
    },
  });
  return {
    emulator,
    stripe: clientOf(emulator),
    web,
    close: async () => {
      await web.close();
      await emulator.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Begins a set-up through the API and gives its id. */
export async function beginSetup({ web }: TestBilling, { apiKey }: Pick<Person, "apiKey">): Promise<string> {
  const { body } = await web.call("POST", "/v1/billing/setup-intent", { key: apiKey });
  return /^(seti_\w+?)_secret_/.exec(String(body["client_secret"]))?.[1] ?? "";
}

/** Sets a card up as Stripe's script does, and gives the set-up's id. */
export async function setUpCard(
  billing: TestBilling,
  person: Pick<Person, "apiKey">,
  paymentMethod = "pm_card_visa",
): Promise<string> {
  const id = await beginSetup(billing, person);
  await billing.stripe.setupIntents.confirm(id, { payment_method: paymentMethod });
  return id;
}

/** Says that a set-up is finished. */
export const putOnFile = ({ web }: TestBilling, { apiKey }: Pick<Person, "apiKey">, body: object) =>
  web.call("POST", "/v1/billing/payment-method", { key: apiKey, body });

/** Gives a person a card and has them cast an echo, which costs a cent, so many times. */
export async function castWithCard(
  billing: TestBilling,
  person: Person,
  card: string,
  casts: number,
): Promise<void> {
  const setup = { setup_intent_id: await setUpCard(billing, person, card) };
  const answers = [await putOnFile(billing, person, setup)];
  const made = Array.from({ length: casts }, () => billing.web.cast(person.apiKey, "echo", 1));
  const failed = [...answers, ...(await Promise.all(made))].find(({ status }) => status !== 200);
  if (failed !== undefined) throw new Error(`answered ${failed.status}: ${failed.text}`);
}

/** Somebody new who has done that. */
export async function makeCaster(billing: TestBilling, card: string, casts: number): Promise<Person> {
  const person = await billing.web.person({ hasCard: false });
  await castWithCard(billing, person, card, casts);
  return person;
}
