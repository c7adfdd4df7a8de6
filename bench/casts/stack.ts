/** The product as `make run` starts it, in a folder of its own, with limits that do not stop the generator. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { StackFile } from "../../dev/stack/stack-file.ts";

export interface BenchStack {
  readonly file: StackFile;
  /** The supervisor's, whose children the programs are. */
  readonly pid: number;
  end(): Promise<void>;
}

export const LIMITS = {
  RATE_LIMIT_USER_RPM: "1000000000",
  RATE_LIMIT_ADDRESS_RPM: "1000000000",
  BUDGET_MAX_CENTS: "100000000",
  CAST_QUEUE_LENGTH: "10000",
};

const START_TIMEOUT_MS = 120_000;

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

const gone = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode === null) child.once("exit", () => resolve());
    else resolve();
  });

/** Starts a stack; with `joined`, a further process on that one's database. */
export async function startBenchStack(joined?: StackFile): Promise<BenchStack> {
  const folder = mkdtempSync(join(tmpdir(), "spell-bench-"));
  const database = joined && {
    DATABASE_URL: joined.database_url,
    DATABASE_OWNER_URL: joined.database_owner_url,
    DATABASE_WORKER_URL: joined.database_worker_url,
    KEY_PEPPER: joined.key_pepper,
    RECEIPT_KEY: joined.receipt_key,
  };
  const child = spawn(process.execPath, [fileURLToPath(new URL("../../dev/run.ts", import.meta.url))], {
    env: { ...process.env, ...LIMITS, ...database, DEV_DIR: folder, PORT: String(await freePort()) },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const path = join(folder, "stack.json");
  for (const giveUpAt = Date.now() + START_TIMEOUT_MS; !existsSync(path);) {
    if (child.exitCode !== null || Date.now() > giveUpAt) throw new Error("the stack did not start");
    await pause(100);
  }
  return {
    pid: child.pid ?? 0,
    // The stack writes it whole, in one rename.
    file: JSON.parse(readFileSync(path, "utf8")) as StackFile,
    end: async () => {
      child.kill("SIGINT");
      await gone(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** workerd on a port of its own, serving the same module. */
export async function startWorkerd(): Promise<{ readonly url: string; end(): Promise<void> }> {
  const port = await freePort();
  const child = spawn(
    fileURLToPath(new URL("node_modules/.bin/workerd", import.meta.url)),
    [
      "serve",
      fileURLToPath(new URL("workerd/config.capnp", import.meta.url)),
      "--socket-addr",
      `http=127.0.0.1:${port}`,
    ],
    { stdio: ["ignore", "ignore", "inherit"], detached: true },
  );
  const url = `http://127.0.0.1:${port}/`;
  for (const giveUpAt = Date.now() + 10_000; ;) {
    const isUp = await fetch(url, { method: "POST", body: '{"payload":1}' }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) break;
    if (Date.now() > giveUpAt) throw new Error("workerd did not start");
    await pause(100);
  }
  return {
    url,
    end: async () => {
      // Its launcher does not pass the signal on: the group is ours, as it was started detached.
      if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
      await gone(child);
    },
  };
}
