/** `make run`: the whole product on this machine. Starts and watches Postgres, the web process and the worker. */
import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { migrate } from "../server/db/migrate.ts";
import { seedDemo } from "./seed.ts";
import { announce } from "./stack/announce.ts";
import { choosePort } from "./stack/choose-port.ts";
import {
  givenDatabase,
  givenPort,
  Unusable,
  webEnvironment,
  type StackSettings,
} from "./stack/environment.ts";
import { endLeftovers } from "./stack/leftovers.ts";
import { claimFolder } from "./stack/lock.ts";
import { openSecrets, saveSecrets, type Secrets } from "./stack/secrets.ts";
import { devDirOf, removeStackFile, writeStackFile } from "./stack/stack-file.ts";
import { Stack } from "./stack/stack.ts";
import { startDatabase } from "./stack/start-database.ts";
import { startPrograms } from "./stack/start-programs.ts";

const PARENT_CHECK_MS = 500;

async function start(stack: Stack): Promise<void> {
  const { devDir } = stack;
  const given = givenDatabase(process.env);
  const asked = givenPort(process.env);
  await Promise.all([endLeftovers(devDir), removeStackFile(devDir)]);
  const port = await choosePort(asked);
  const remembered = await openSecrets(devDir);
  const secrets: Secrets = {
    ...remembered,
    key_pepper: process.env["KEY_PEPPER"] || remembered.key_pepper,
    receipt_key: process.env["RECEIPT_KEY"] || remembered.receipt_key,
  };

  const urls = given ?? (await startDatabase(stack, secrets));
  await migrate(urls);
  stack.failIfStopping();
  const settings: StackSettings = { port, urls, secrets };
  const seeded = await seedDemo({
    env: webEnvironment(process.env, settings),
    ...(secrets.api_key === undefined ? {} : { remembered: { apiKey: secrets.api_key } }),
  });
  await saveSecrets(devDir, { ...remembered, api_key: seeded.apiKey });
  await startPrograms(stack, settings);

  const baseUrl = `http://localhost:${port}`;
  await writeStackFile(devDir, {
    base_url: baseUrl,
    database_url: urls.appUrl,
    database_owner_url: urls.ownerUrl,
    database_worker_url: urls.workerUrl,
    api_key: seeded.apiKey,
    session_token: seeded.sessionToken,
    key_pepper: secrets.key_pepper,
    receipt_key: secrets.receipt_key,
  });
  announce(baseUrl, seeded.apiKey, devDir);
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
