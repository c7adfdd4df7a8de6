/** `make run`: the whole product on this machine. Starts and watches Postgres, the web process and the worker. */
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { migrate } from "../server/db/migrate.ts";
import { freePort, tryPort } from "./free-port.ts";
import { prepareCluster, roleUrls, type DatabaseUrls } from "./postgres/roles.ts";
import { startPostgres } from "./postgres/start.ts";
import type { ProcessId } from "./processes.ts";
import { seedDemo } from "./seed.ts";
import {
  givenDatabase,
  givenPort,
  Unusable,
  webEnvironment,
  workerEnvironment,
  type StackSettings,
} from "./stack/environment.ts";
import { keepRunning, type Kept, type Running } from "./stack/keep-running.ts";
import { endLeftovers, recordProcesses } from "./stack/leftovers.ts";
import { claimFolder } from "./stack/lock.ts";
import { startNode } from "./stack/node-process.ts";
import { openSecrets, saveSecrets, type Secrets } from "./stack/secrets.ts";
import { devDirOf, removeStackFile, writeStackFile } from "./stack/stack-file.ts";

const DATABASE = "spell";
const DEFAULT_PORT = 3_000;
/** Together under the ten seconds that a person waits after Ctrl-C. */
const NODE_PATIENCE_MS = 5_000;
const WEB_DRAIN_MS = 4_000;
const PARENT_CHECK_MS = 500;
const PORT_TRIES = 20;
const PORT_PAUSE_MS = 100;

const script = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What runs, by name. */
class Stack {
  readonly devDir: string;
  readonly #kept = new Map<string, Kept>();
  #isStopping = false;
  readonly #processes: Record<string, ProcessId> = {};

  constructor(devDir: string) {
    this.devDir = devDir;
  }

  async keep(name: string, start: () => Promise<Running>): Promise<void> {
    this.failIfStopping();
    const kept = await keepRunning(name, start, ({ id }) => {
      this.#processes[name] = id;
      void recordProcesses(this.devDir, this.#processes);
    });
    this.#kept.set(name, kept);
  }

  /** Starting gives up between two steps once somebody wants it to end. @throws Unusable */
  failIfStopping(): void {
    if (this.#isStopping) throw new Unusable("Stopped before it was ready.");
  }

  beginStopping(): void {
    this.#isStopping = true;
  }

  /** The web process and the worker at once, then what they stand on. */
  async stop(): Promise<void> {
    await removeStackFile(this.devDir);
    const postgres = this.#kept.get("postgres");
    await Promise.all(
      [...this.#kept.values()].filter((kept) => kept !== postgres).map((kept) => kept.stop()),
    );
    await postgres?.stop();
  }
}

/**
 * A process that was just killed keeps its port until the last of its threads is gone, a moment after the process itself
 * counts as gone: a port that is taken is asked for again.
 */
async function freeInTime(port: number): Promise<boolean> {
  for (let tries = 0; tries < PORT_TRIES; tries += 1) {
    if ((await tryPort(port)) !== null) return true;
    await pause(PORT_PAUSE_MS);
  }
  return false;
}

async function choosePort(asked: number | null): Promise<number> {
  if (asked !== null) {
    if (await freeInTime(asked)) return asked;
    throw new Unusable(`Port ${asked} is in use; choose another: PORT=3001 make run`);
  }
  return (await tryPort(DEFAULT_PORT)) ?? freePort();
}

/** Starts our own Postgres, with the three roles and an empty database. */
async function startDatabase(stack: Stack, secrets: Secrets): Promise<DatabaseUrls> {
  const port = await freePort();
  const options = {
    folder: stack.devDir,
    password: secrets.superuser,
    port,
    logFile: join(stack.devDir, "postgres.log"),
  };
  let superuserUrl = "";
  await stack.keep("postgres", async () => {
    const server = await startPostgres(options);
    superuserUrl = server.superuserUrl;
    return server;
  });
  await prepareCluster(superuserUrl, DATABASE, secrets);
  return roleUrls(superuserUrl, DATABASE, secrets);
}

async function startPrograms(stack: Stack, settings: StackSettings): Promise<void> {
  const web = { SHUTDOWN_MS: String(WEB_DRAIN_MS), ...webEnvironment(process.env, settings) };
  const program = (name: string, path: string, env: NodeJS.ProcessEnv) => () =>
    startNode({
      name,
      script: script(path),
      env,
      logFile: join(stack.devDir, `${name}.log`),
      patienceMs: NODE_PATIENCE_MS,
    });
  await Promise.all([
    stack.keep("web", program("web", "../server/main.ts", web)),
    stack.keep("worker", program("worker", "../jobs/run.ts", workerEnvironment(process.env, settings))),
  ]);
}

function announce(baseUrl: string, apiKey: string, devDir: string): void {
  console.log(`
Spell Platform is ready: ${baseUrl}   (API reference: ${baseUrl}/docs)

Your first cast, for one cent of the demo account's $50 limit:

  curl -s ${baseUrl}/v1/cast -H 'Authorization: Bearer ${apiKey}' \\
    -H 'Content-Type: application/json' -d '{"spell_name":"echo","payload":{"hello":"world"}}'

Logs, data and stack.json are in ${devDir}. Ctrl-C ends everything.`);
}

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
