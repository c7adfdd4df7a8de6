/** What `make run` is told by its environment, and what it tells its children: each only what it needs. */
import { githubUrls } from "../github/start.ts";
import type { DatabaseUrls } from "../postgres/roles.ts";
import { stripeUrls } from "../stripe/start.ts";
import type { Secrets } from "./secrets.ts";

/** A wish that cannot be met; the message is for people. */
export class Unusable extends Error {
  override readonly name = "Unusable";
}

const DATABASE_VARIABLES = ["DATABASE_OWNER_URL", "DATABASE_URL", "DATABASE_WORKER_URL"] as const;

/** The databases named by the environment; null when none is, and Postgres has to be started. @throws Unusable */
export function givenDatabase(env: NodeJS.ProcessEnv): DatabaseUrls | null {
  const [ownerUrl, appUrl, workerUrl] = DATABASE_VARIABLES.map((name) => env[name] || undefined);
  if (ownerUrl !== undefined && appUrl !== undefined && workerUrl !== undefined) {
    return { ownerUrl, appUrl, workerUrl };
  }
  const missing = DATABASE_VARIABLES.filter((name) => !env[name]);
  if (missing.length === DATABASE_VARIABLES.length) return null;
  throw new Unusable(`Set all three database URLs or none; missing: ${missing.join(", ")}.`);
}

/** The port asked for; null when any will do. @throws Unusable */
export function givenPort(env: NodeJS.ProcessEnv): number | null {
  const text = env["PORT"] || null;
  if (text === null) return null;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) throw new Unusable(`PORT=${text} is not a port.`);
  return port;
}

const GITHUB_VARIABLES = ["GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET"] as const;

/** Whether people sign in with real GitHub, by an application that the environment names. @throws Unusable */
export function hasRealGithub(env: NodeJS.ProcessEnv): boolean {
  const missing = GITHUB_VARIABLES.filter((name) => !env[name]);
  if (missing.length === 0) return true;
  if (missing.length < GITHUB_VARIABLES.length)
    throw new Unusable(`Set both ${GITHUB_VARIABLES.join(" and ")} or none; missing: ${missing.join(", ")}.`);
  if (env.NODE_ENV === "production")
    throw new Unusable(
      `The GitHub emulator does not run in production: set ${GITHUB_VARIABLES.join(" and ")}.`,
    );
  return false;
}

/** Whether cards are those of the emulator: without a key of the person's own, and never in production. */
export const needsStripe = (env: NodeJS.ProcessEnv): boolean =>
  !env["STRIPE_SECRET_KEY"] && env.NODE_ENV !== "production";

function without(env: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv {
  // An empty variable is what shells make of an unset one: it must not hide what we set ourselves.
  const rest = Object.entries(env).filter(([name, value]) => value !== "" && !names.includes(name));
  return { NODE_ENV: env.NODE_ENV, ...Object.fromEntries(rest) };
}

/** The emulator of one stack, and the application that it knows. */
export interface EmulatorSettings {
  readonly port: number;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The Stripe emulator of one stack. */
export type StripeSettings = NonNullable<Secrets["stripe"]>;

export interface StackSettings {
  readonly port: number;
  readonly urls: DatabaseUrls;
  readonly secrets: Secrets;
  /** Null: people sign in with real GitHub. */
  readonly emulator: EmulatorSettings | null;
  /** Null: cards are real Stripe's, or nobody's. */
  readonly stripe: StripeSettings | null;
}

function signInEnvironment({ port, clientId, clientSecret }: EmulatorSettings) {
  const { baseUrl, apiUrl } = githubUrls(port);
  return {
    GITHUB_BASE_URL: baseUrl,
    GITHUB_API_URL: apiUrl,
    GITHUB_CLIENT_ID: clientId,
    GITHUB_CLIENT_SECRET: clientSecret,
  };
}

/** Who collects what is owed speaks to Stripe's API, and needs no more. */
const collectingEnvironment = ({ port, secret_key }: StripeSettings) => ({
  STRIPE_API_BASE: stripeUrls(port).url,
  STRIPE_SECRET_KEY: secret_key,
});

/** Who serves pages and hears Stripe's events needs the rest too. */
function billingEnvironment(stripe: StripeSettings) {
  const { url, scriptUrl } = stripeUrls(stripe.port);
  return {
    ...collectingEnvironment(stripe),
    STRIPE_JS_URL: scriptUrl,
    STRIPE_CHECKOUT_URL: url,
    STRIPE_HOOKS_URL: url,
    STRIPE_PUBLISHABLE_KEY: stripe.publishable_key,
    STRIPE_WEBHOOK_SECRET: stripe.webhook_secret,
  };
}

/** The web process's environment. What the person set goes through, the secrets of other roles do not. */
export const webEnvironment = (
  env: NodeJS.ProcessEnv,
  { port, urls, secrets, emulator, stripe }: StackSettings,
): NodeJS.ProcessEnv => ({
  APP_URL: `http://localhost:${port}`,
  KEY_PEPPER: secrets.key_pepper,
  RECEIPT_KEY: secrets.receipt_key,
  ...without(env, DATABASE_VARIABLES),
  PORT: String(port),
  DATABASE_URL: urls.appUrl,
  ...(emulator && signInEnvironment(emulator)),
  ...(stripe && billingEnvironment(stripe)),
});

const CALLBACKS = ["/auth/github/callback", "/auth/callback"];

/** The emulator's environment. DEV_DIR tells people whose process it is. */
export function emulatorEnvironment(
  env: NodeJS.ProcessEnv,
  { APP_URL }: NodeJS.ProcessEnv,
  { port, clientId, clientSecret }: EmulatorSettings,
): NodeJS.ProcessEnv {
  return {
    NODE_ENV: env.NODE_ENV,
    DEV_DIR: env["DEV_DIR"],
    PORT: String(port),
    GITHUB_CLIENT_ID: clientId,
    GITHUB_CLIENT_SECRET: clientSecret,
    GITHUB_REDIRECT_URIS: CALLBACKS.map((path) => new URL(path, APP_URL).href).join(" "),
  };
}

/** What the endpoint at Stripe is to be told, as docs/billing.md lists it. */
const WEBHOOK_TYPES = [
  "setup_intent.succeeded",
  "checkout.session.completed",
  "payment_method.detached",
  "payment_method.updated",
  "payment_method.automatically_updated",
  "customer.deleted",
  "invoice.paid",
  "invoice.payment_failed",
  "invoice.payment_action_required",
  "invoice.marked_uncollectible",
  "invoice.voided",
  "credit_note.*",
];

/** The Stripe emulator's environment. Its webhooks go to the web process of the stack, wherever that is said to be. */
export function stripeEnvironment(
  env: NodeJS.ProcessEnv,
  webPort: number,
  stateFile: string,
  { port, secret_key, publishable_key, webhook_secret }: StripeSettings,
): NodeJS.ProcessEnv {
  return {
    NODE_ENV: env.NODE_ENV,
    DEV_DIR: env["DEV_DIR"],
    PORT: String(port),
    STATE_FILE: stateFile,
    STRIPE_SECRET_KEY: secret_key,
    STRIPE_PUBLISHABLE_KEY: publishable_key,
    WEBHOOK_URL: `http://localhost:${webPort}/webhooks/stripe`,
    WEBHOOK_SECRET: webhook_secret,
    WEBHOOK_TYPES: WEBHOOK_TYPES.join(" "),
  };
}

const WEB_SECRETS = [
  "KEY_PEPPER",
  "RECEIPT_KEY",
  "GITHUB_CLIENT_SECRET",
  "ADMIN_SECRET",
  "STRIPE_PUBLISHABLE_KEY",
  "STRIPE_WEBHOOK_SECRET",
];

/** The worker's environment. */
export const workerEnvironment = (
  env: NodeJS.ProcessEnv,
  { urls, stripe }: StackSettings,
): NodeJS.ProcessEnv => ({
  ...without(env, [...DATABASE_VARIABLES, ...WEB_SECRETS, "PORT"]),
  DATABASE_WORKER_URL: urls.workerUrl,
  ...(stripe && collectingEnvironment(stripe)),
});
