import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { clientOf, PUBLISHABLE_KEY, SECRET_KEY, stateFile } from "../../tests/support/stripe.ts";
import { freePort } from "../free-port.ts";
import { end } from "../processes.ts";
import { startNode } from "../stack/node-process.ts";

async function start(variables: Readonly<Record<string, string>>) {
  const file = stateFile();
  const running = await startNode({
    name: "stripe",
    script: fileURLToPath(new URL("main.ts", import.meta.url)),
    env: {
      NODE_ENV: "development",
      STATE_FILE: file,
      STRIPE_SECRET_KEY: SECRET_KEY,
      STRIPE_PUBLISHABLE_KEY: PUBLISHABLE_KEY,
      WEBHOOK_SECRET: "whsec_test",
      ...variables,
    },
    logFile: join(dirname(file), "stripe.log"),
    patienceMs: 2_000,
  });
  onTestFinished(() => running.stop());
  return running;
}

test("the process serves on its port until it is asked to leave, on this machine alone", async () => {
  const port = await freePort();
  const running = await start({ PORT: String(port) });
  expect((await fetch(`http://127.0.0.1:${port}/v1/balance`)).status).toBe(401);
  // All of 127/8 is this machine's, but only the one address is listened to.
  await expect(fetch(`http://127.0.0.2:${port}/v1/balance`)).rejects.toThrow();
  await running.stop();
  await expect(fetch(`http://127.0.0.1:${port}/v1/balance`)).rejects.toThrow();
});

test("what it has answered is there after it was killed", async () => {
  const port = await freePort();
  const file = stateFile();
  const stripe = clientOf({ port });
  const killed = await start({ PORT: String(port), STATE_FILE: file });
  const customer = await stripe.customers.create({ metadata: { account: "7" } }, { idempotencyKey: "one" });
  await end(killed.id, "SIGKILL", 2_000);
  await start({ PORT: String(port), STATE_FILE: file });
  expect(await stripe.customers.retrieve(customer.id)).toEqual(customer);
  const again = await stripe.customers.create({ metadata: { account: "7" } }, { idempotencyKey: "one" });
  expect(again.id).toBe(customer.id);
});

test("it does not run in production", async () => {
  await expect(start({ PORT: "0", NODE_ENV: "production" })).rejects.toThrow(
    "The Stripe emulator moves no money: it does not run in production.",
  );
});

test("what is missing in its environment is named, and no value is told", async () => {
  const starting = start({ PORT: "0", STRIPE_SECRET_KEY: "", WEBHOOK_URL: "nowhere" });
  await expect(starting).rejects.toThrow("STRIPE_SECRET_KEY, WEBHOOK_URL");
  await expect(starting).rejects.not.toThrow("nowhere");
});
