/** The browser that tests, screenshots and audits use: CHROMIUM_PATH, the system's, else the one npm has brought. */
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { fileURLToPath } from "node:url";
import { unpackChromium } from "./unpack.ts";

const SYSTEM = "/usr/bin/chromium";
const fontsFile = fileURLToPath(new URL("fonts.conf", import.meta.url));

/** How to start it; the shape is Playwright's `launchOptions`. */
export interface Browser {
  readonly executablePath: string;
  readonly args: string[];
  readonly env: Record<string, string>;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Chromium refuses to run as root with its sandbox, and cannot build it where user namespaces are denied. */
const canBeSandboxed = (): boolean =>
  process.getuid?.() !== 0 && spawnSync("unshare", ["--user", "--map-root-user", "true"]).status === 0;

/** What keeps it from calling anybody by itself, beside what Playwright says. Pages come from this machine alone. */
const QUIET = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-domain-reliability",
  "--disable-sync",
  "--no-first-run",
  "--no-pings",
  "--no-proxy-server",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
];

const environment = (): Record<string, string> => {
  const set = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return { ...Object.fromEntries(set), FONTCONFIG_FILE: fontsFile };
};

/** Finds the browser, unpacking it the first time. @throws Error with a sentence for people when there is none */
export async function findBrowser(): Promise<Browser> {
  const args = [...QUIET, ...(canBeSandboxed() ? [] : ["--no-sandbox"])];
  const env = environment();
  const named = process.env["CHROMIUM_PATH"];
  if (named) {
    if (!isExecutable(named)) throw new Error(`CHROMIUM_PATH=${named} is no program that can be run.`);
    return { executablePath: named, args, env };
  }
  if (isExecutable(SYSTEM)) return { executablePath: SYSTEM, args, env };
  const { executablePath, libraries } = await unpackChromium();
  const path = [libraries, env["LD_LIBRARY_PATH"]].filter(Boolean).join(":");
  return { executablePath, args, env: { ...env, LD_LIBRARY_PATH: path } };
}
