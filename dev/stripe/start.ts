/** A Stripe on this machine: what our billing needs of it, over its own wire protocol. */
import { serve, type HttpBindings, type ServerType } from "@hono/node-server";
import { Hono } from "hono";
import { registerEndpoints } from "./api/serve.ts";
import { BALANCE_ENDPOINT } from "./balance.ts";
import { CHECKOUT_ENDPOINTS } from "./checkout/endpoints.ts";
import { registerCheckout } from "./checkout/page.ts";
import { registerControl } from "./control/routes.ts";
import { runTasks } from "./control/run-tasks.ts";
import { CREDIT_NOTE_ENDPOINTS } from "./credit-notes/endpoints.ts";
import { CUSTOMER_ENDPOINTS } from "./customers/endpoints.ts";
import { EVENT_ENDPOINTS } from "./events/endpoints.ts";
import { INVOICE_ENDPOINTS } from "./invoices/endpoints.ts";
import { ITEM_ENDPOINTS } from "./invoices/item-endpoints.ts";
import { registerInvoicePages } from "./invoices/page.ts";
import { PAYMENT_ENDPOINTS } from "./payments/endpoints.ts";
import { registerAuthenticate } from "./pages/authenticate.ts";
import { registerScript } from "./script/serve.ts";
import { PAYMENT_METHOD_ENDPOINTS } from "./payment-methods/endpoints.ts";
import { SETUP_INTENT_ENDPOINTS } from "./setup-intents/endpoints.ts";
import { World } from "./world.ts";

export interface StripeEmulatorOptions {
  /** 0 takes any port that is free. */
  readonly port: number;
  /** Everything that has to be there after a restart. */
  readonly stateFile: string;
  readonly secretKey: string;
  readonly publishableKey: string;
  /** Where events are sent; null: nowhere. */
  readonly webhookUrl: string | null;
  readonly webhookSecret: string;
  readonly webhookRetryMs?: number;
  /** The types of events that are sent there; all unless given. */
  readonly webhookTypes?: readonly string[];
  /** What becomes of an invoice when the last attempt to get its money has failed: it stays open. */
  readonly afterLastAttempt?: "open" | "uncollectible";
}

export interface StripeEmulator {
  readonly port: number;
  /** STRIPE_API_BASE of the application. */
  readonly url: string;
  /** STRIPE_JS_URL of the application. */
  readonly scriptUrl: string;
  readonly secretKey: string;
  readonly publishableKey: string;
  readonly webhookSecret: string;
  /** Ends it at once, with the answers it still owes. */
  end(): Promise<void>;
}

const HOST = "127.0.0.1";
const WEBHOOK_RETRY_MS = 1_000;
/** How often it looks what has fallen due by itself. */
const TICK_MS = 1_000;

/** Where an emulator on this port is. */
export const stripeUrls = (port: number): Pick<StripeEmulator, "url" | "scriptUrl"> => ({
  url: `http://${HOST}:${port}`,
  scriptUrl: `http://${HOST}:${port}/v3/`,
});

const ENDPOINTS = [
  BALANCE_ENDPOINT,
  ...CUSTOMER_ENDPOINTS,
  ...PAYMENT_METHOD_ENDPOINTS,
  ...SETUP_INTENT_ENDPOINTS,
  ...CHECKOUT_ENDPOINTS,
  ...ITEM_ENDPOINTS,
  ...INVOICE_ENDPOINTS,
  ...CREDIT_NOTE_ENDPOINTS,
  ...PAYMENT_ENDPOINTS,
  ...EVENT_ENDPOINTS,
];

type App = Hono<{ Bindings: HttpBindings }>;

function listen(app: App, port: number): Promise<{ readonly server: ServerType; readonly port: number }> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, port, hostname: HOST }, (address) =>
      resolve({ server, port: address.port }),
    );
    server.once("error", reject);
  });
}

/** Starts the emulator, for this machine alone. @throws the reason why the port cannot be had */
export async function startStripeEmulator(options: StripeEmulatorOptions): Promise<StripeEmulator> {
  const { secretKey, publishableKey, webhookUrl, webhookSecret } = options;
  const world = new World({
    stateFile: options.stateFile,
    keys: { secretKey, publishableKey },
    afterLastAttempt: options.afterLastAttempt ?? "open",
    webhook: {
      url: webhookUrl,
      secret: webhookSecret,
      retryMs: options.webhookRetryMs ?? WEBHOOK_RETRY_MS,
      types: options.webhookTypes ?? null,
    },
  });
  const app: App = new Hono();
  registerEndpoints(app, world, ENDPOINTS);
  registerCheckout(app, world);
  registerInvoicePages(app, world);
  registerControl(app, world);
  registerAuthenticate(app, world);
  registerScript(app);
  const { server, port } = await listen(app, options.port);
  const urls = stripeUrls(port);
  world.baseUrl = urls.url;
  world.outbox.wake();
  const ticking = setInterval(() => runTasks(world), TICK_MS);
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      if ("closeAllConnections" in server) server.closeAllConnections();
    });
  return {
    port,
    ...urls,
    secretKey,
    publishableKey,
    webhookSecret,
    end: async () => {
      clearInterval(ticking);
      await close();
      await world.end();
    },
  };
}
