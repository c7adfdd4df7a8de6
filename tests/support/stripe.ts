/** The Stripe emulator inside the test, Stripe's own package that talks to it, and who hears its webhooks. */
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Stripe from "stripe";
import { expect, onTestFinished } from "vitest";
import {
  startStripeEmulator,
  type StripeEmulator,
  type StripeEmulatorOptions,
} from "../../dev/stripe/start.ts";

export const SECRET_KEY = "sk_test_emulator0123456789";
export const PUBLISHABLE_KEY = "pk_test_emulator0123456789";
const WEBHOOK_SECRET = "whsec_emulator0123456789";
const RETRY_MS = 5;

/** Stripe's package, which talks to an emulator. */
export const clientOf = (
  { port }: Pick<StripeEmulator, "port">,
  key = SECRET_KEY,
  maxNetworkRetries = 0,
): Stripe =>
  new Stripe(key, { host: "127.0.0.1", port, protocol: "http", maxNetworkRetries, telemetry: false });

/** A file that is gone after the test. */
export function stateFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "spell-stripe-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, "stripe.db");
}

export interface TestStripe extends StripeEmulator {
  readonly stripe: Stripe;
}

/** Starts an emulator that ends with the test. */
export async function startTestStripe(options: Partial<StripeEmulatorOptions> = {}): Promise<TestStripe> {
  const emulator = await startStripeEmulator({
    port: 0,
    stateFile: options.stateFile ?? stateFile(),
    secretKey: SECRET_KEY,
    publishableKey: PUBLISHABLE_KEY,
    webhookUrl: null,
    webhookSecret: WEBHOOK_SECRET,
    webhookRetryMs: RETRY_MS,
    ...options,
  });
  let ended: Promise<void> | null = null;
  const end = () => (ended ??= emulator.end());
  onTestFinished(end);
  return { ...emulator, end, stripe: clientOf(emulator) };
}

export interface Heard {
  readonly body: string;
  readonly signature: string;
}

export interface Listener {
  readonly url: string;
  readonly heard: Heard[];
  /** The events heard, their signatures verified by Stripe's package. */
  events(): Stripe.Event[];
  /** Waits until events of these types were heard. */
  waitFor(...types: string[]): Promise<Stripe.Event[]>;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  // Requests give their bytes as buffers unless they are told otherwise.
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** Hears webhooks, and answers the nth with the status that `answer` gives. */
export async function startListener(answer: (nth: number) => number = () => 200): Promise<Listener> {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      heard.push({ body, signature: String(request.headers["stripe-signature"]) });
      response.writeHead(answer(heard.length)).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const events = () =>
    heard.map(({ body, signature }) => Stripe.webhooks.constructEvent(body, signature, WEBHOOK_SECRET));
  const typesHeard = () => events().map(({ type }) => type as string);
  return {
    url: `http://127.0.0.1:${port}/webhooks/stripe`,
    heard,
    events,
    waitFor: async (...types) => {
      await expect.poll(typesHeard, { timeout: 10_000 }).toEqual(expect.arrayContaining(types));
      return events();
    },
  };
}

/** The refusal of a call, as Stripe's package throws it. */
export async function refusalOf(
  call: Promise<unknown>,
): Promise<InstanceType<typeof Stripe.errors.StripeError>> {
  const outcome = await call.then(
    () => null,
    (error: unknown) => error,
  );
  if (outcome instanceof Stripe.errors.StripeError) return outcome;
  throw new Error(`No refusal of Stripe's package: ${String(outcome)}`);
}
