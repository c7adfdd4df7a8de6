/** `make run`: the whole product on this machine: starts and watches Postgres, a GitHub, a Stripe, the web process and the worker. */
import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { migrate } from "../server/db/migrate.ts";
import { openDemo, type DemoInput } from "./demo.ts";
import { freePort } from "./free-port.ts";
import { githubUrls } from "./github/start.ts";
import { seedSamples } from "./seed.ts";
import { announce } from "./stack/announce.ts";
import { choosePort } from "./stack/choose-port.ts";
import { chooseStripe } from "./stack/choose-stripe.ts";
import {
  givenDatabase,
  givenPort,
  hasRealGithub,
  needsStripe,
  Unusable,
  webEnvironment,
  type EmulatorSettings,
  type StackSettings,
} from "./stack/environment.ts";
import { endLeftovers } from "./stack/leftovers.ts";
import { claimFolder } from "./stack/lock.ts";
import { openSecrets, saveSecrets, type Secrets } from "./stack/secrets.ts";
import { devDirOf, removeStackFile, writeStackFile, type StackFile } from "./stack/stack-file.ts";
import { Stack } from "./stack/stack.ts";
import { startDatabase } from "./stack/start-database.ts";
import { startPrograms } from "./stack/start-programs.ts";
import { stripeUrls } from "./stripe/start.ts";

const PARENT_CHECK_MS = 500;

/** The emulator and the web process alone are told, at each start another. */
const newEmulator = async (): Promise<EmulatorSettings> => ({
  port: await freePort(),
  clientId: "spell-platform",
  clientSecret: randomBytes(32).toString("base64url"),
});

/** What an earlier start remembered, but for the secrets that the environment gives. */
const secretsOf = (remembered: Secrets): Secrets => ({
  ...remembered,
  key_pepper: process.env["KEY_PEPPER"] || remembered.key_pepper,
  receipt_key: process.env["RECEIPT_KEY"] || remembered.receipt_key,
});

/** A rate limit may keep it waiting for a minute, which nobody has who wants the stack to end. @throws Unusable */
async function enterDemo(stack: Stack, input: Omit<DemoInput, "stop">) {
  try {
    return await openDemo({ ...input, stop: stack.stopping });
  } catch (error) {
    stack.failIfStopping();
    throw error;
  }
}

async function start(stack: Stack): Promise<void> {
  const { devDir } = stack;
  const given = givenDatabase(process.env);
  const asked = givenPort(process.env);
  const isReal = hasRealGithub(process.env);
  await Promise.all([endLeftovers(devDir), removeStackFile(devDir)]);
  const port = await choosePort(asked);
  const known = await openSecrets(devDir);
  const stripe = needsStripe(process.env) ? await chooseStripe(known.stripe) : null;
  const remembered: Secrets = { ...known, ...(stripe && { stripe }) };
  await saveSecrets(devDir, remembered);
  const secrets = secretsOf(remembered);

  const urls = given ?? (await startDatabase(stack, secrets));
  await migrate(urls);
  stack.failIfStopping();
  const emulator = isReal ? null : await newEmulator();
  const settings: StackSettings = { port, urls, secrets, emulator, stripe };
  const env = webEnvironment(process.env, settings);
  await seedSamples(env);
  await startPrograms(stack, settings);

  const baseUrl = `http://localhost:${port}`;
  const hasStripeEmulator = stripe !== null;
  const wishes = { baseUrl, env, hasStripeEmulator, rememberedKey: remembered.api_key };
  const demo = emulator && (await enterDemo(stack, wishes));
  if (demo !== null) await saveSecrets(devDir, { ...remembered, api_key: demo.apiKey });
  const file: StackFile = {
    base_url: baseUrl,
    database_url: urls.appUrl,
    database_owner_url: urls.ownerUrl,
    database_worker_url: urls.workerUrl,
    ...(demo && { api_key: demo.apiKey, session_token: demo.sessionToken }),
    ...(emulator && { github_url: githubUrls(emulator.port).baseUrl }),
    ...(stripe && { stripe_url: stripeUrls(stripe.port).url, stripe_secret_key: stripe.secret_key }),
    key_pepper: secrets.key_pepper,
    receipt_key: secrets.receipt_key,
  };
  await writeStackFile(devDir, file);
  announce(file, devDir);
}

/** Resolves when somebody wants this to end: a signal, or the death of whoever started it. */
function askedToStop(): Promise<void> {
  const parent = process.ppid;
  return new Promise((resolveStop) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => resolveStop());
    setInterval(() => {
      if (process.ppid !== parent) resolveStop();
    }, PARENT_CHECK_MS).unref();
  });
}

async function main(): Promise<number> {
  const devDir = resolve(devDirOf(process.env));
  await mkdir(devDir, { recursive: true, mode: 0o700 });
  if (!(await claimFolder(devDir))) {
    throw new Unusable(
      `A stack runs in ${devDir} already. For a second one choose another folder: DEV_DIR=.dev-2 make run`,
    );
  }
  const stack = new Stack(devDir);
  const stop = askedToStop();
  let exitCode = 0;
  const started = start(stack).catch((error: unknown) => {
    console.error(error instanceof Unusable ? error.message : error);
    exitCode = 1;
    return "failed" as const;
  });
  const first = await Promise.race([started, stop]);
  if (first !== "failed") await stop;
  // Asked while it was starting: the step under way ends first, so that nothing is started behind our back.
  stack.beginStopping();
  await started;
  await stack.stop();
  return exitCode;
}

try {
  process.exit(await main());
} catch (error) {
  console.error(error instanceof Unusable ? error.message : error);
  process.exit(1);
}
