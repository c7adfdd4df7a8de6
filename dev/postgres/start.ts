/** An embedded PostgreSQL for the local stack and the tests: on 127.0.0.1 only, and it never outlives who started it. */
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import postgres from "postgres";
import { freePort } from "../free-port.ts";
import { end, identify, isAlive, type ProcessId } from "../processes.ts";
import { postgresBinaries } from "./binaries.ts";
import { unprivileged } from "./unprivileged.ts";

const run = promisify(execFile);
const SUPERUSER = "postgres";
const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 5_000;

export interface PostgresOptions {
  /** Holds `data` and, while a cluster is being made, `data.new`. */
  readonly folder: string;
  /** Of the superuser; must be the same for the same folder. */
  readonly password: string;
  /** A free one when not given. */
  readonly port?: number;
  readonly logFile: string;
}

export interface Postgres {
  readonly id: ProcessId;
  readonly port: number;
  readonly superuserUrl: string;
  /** Fast shutdown: sessions are ended, everything is on the disk. */
  stop(): Promise<void>;
  /** Resolves when the server is gone, for whatever reason. */
  readonly exited: Promise<void>;
}

/** Makes the cluster under another name first, so that a start killed half-way leaves nothing half-made. */
async function makeCluster(bin: string, folder: string, password: string): Promise<void> {
  const fresh = join(folder, "data.new");
  const passwordFile = join(folder, "password");
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  const initdb = join(bin, "initdb");
  const options = ["-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-instructions"];
  const args = ["-D", fresh, "-U", SUPERUSER, `--pwfile=${passwordFile}`, ...options];
  const command = unprivileged(initdb, args, { binary: initdb, dataDir: fresh });
  try {
    await run(command.file, command.args);
    await rename(fresh, join(folder, "data"));
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** Ends a server that an earlier start left on this folder: its parent was killed and it had not noticed yet. */
async function endLeftover(dataDir: string): Promise<void> {
  const pidFile = await readFile(join(dataDir, "postmaster.pid"), "utf8").catch(() => "");
  const id = identify(Number(pidFile.split("\n")[0]));
  if (id === null) return;
  const commandLine = await readFile(`/proc/${id.pid}/cmdline`, "utf8").catch(() => "");
  if (commandLine.split("\0").includes(dataDir)) await end(id, "SIGINT", STOP_TIMEOUT_MS);
}

async function answers(url: string): Promise<boolean> {
  const sql = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => undefined });
  try {
    await sql`select 1`;
    return true;
  } catch {
    return false;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  timezone: "UTC",
  max_connections: "200",
  shared_buffers: "128MB",
};

async function launch(bin: string, dataDir: string, port: number, logFile: string) {
  const log = await open(logFile, "a");
  const server = join(bin, "postgres");
  const settings = Object.entries({ ...SETTINGS, port: String(port) }).flatMap(([name, value]) => [
    "-c",
    `${name}=${value}`,
  ]);
  // The kernel sends SIGINT, a fast shutdown, when the parent dies, however it dies.
  const args = ["--pdeathsig", "INT", server, "-D", dataDir, ...settings];
  const command = unprivileged("setpriv", args, { binary: server, dataDir });
  const child = spawn(command.file, command.args, {
    detached: true,
    stdio: ["ignore", log.fd, log.fd],
    cwd: "/",
  });
  const exited = new Promise<void>((resolveExit) => {
    child.once("exit", () => resolveExit());
    child.once("error", () => resolveExit());
  });
  await log.close();
  const id = child.pid === undefined ? null : identify(child.pid);
  return { id, exited };
}

/**
 * Starts the server of a folder, making its cluster the first time, and waits until it answers. A server that was
 * killed leaves children which hold its memory for a moment: starting is tried again within bounded time.
 */
export async function startPostgres({ folder, password, port, logFile }: PostgresOptions): Promise<Postgres> {
  const bin = postgresBinaries();
  const root = resolve(folder);
  const dataDir = join(root, "data");
  await mkdir(root, { recursive: true, mode: 0o700 });
  if (existsSync(dataDir)) await endLeftover(dataDir);
  else await makeCluster(bin, root, password);

  const chosen = port ?? (await freePort());
  const superuserUrl = `postgres://${SUPERUSER}:${password}@127.0.0.1:${chosen}/postgres`;
  const giveUpAt = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < giveUpAt) {
    const { id, exited } = await launch(bin, dataDir, chosen, logFile);
    while (id !== null && isAlive(id) && Date.now() < giveUpAt) {
      if (await answers(superuserUrl)) {
        return { id, port: chosen, superuserUrl, exited, stop: () => end(id, "SIGINT", STOP_TIMEOUT_MS) };
      }
      await pause(50);
    }
    await pause(200);
  }
  throw new Error(`PostgreSQL did not start within ${START_TIMEOUT_MS / 1_000} s; see ${logFile}`);
}
