/**
 * `make bench-portal`: how fast pages are answered to people with a month of 10^5 casts behind them, as a ratio to the
 * server's own bare route; how much JavaScript the first page costs; and Lighthouse's scores.
 */
import { chromium } from "@playwright/test";
import { freePort } from "../dev/free-port.ts";
import { findBrowser } from "../tests/support/browser/find.ts";
import { startBenchStack } from "./casts/stack.ts";
import { auditPage, type Device } from "./portal/audit-page.ts";
import { closedLoop, type LoopFigures } from "./portal/closed-loop.ts";
import { makePeople } from "./portal/make-people.ts";
import { weighScripts } from "./portal/weigh-scripts.ts";

const SECONDS = Number(process.env["SECONDS"] ?? 10);
const CASTS_EACH = Number(process.env["CASTS"] ?? 100_000);
const ACCOUNTS = 4;
const PEOPLE = 16;
const WARM_UP_SECONDS = 3;
const BARE = "/healthz";
const MEASURED = ["/", "/dashboard", "/dashboard/casts"];
const AUDITED = ["/", "/login", "/dashboard"];
const DEVICES: readonly Device[] = ["phone", "desktop"];

const isOfPeople = (path: string) => path.startsWith("/dashboard");
const inKilobytes = (bytes: number) => `${(bytes / 1_000).toFixed(1)} kB`;

function printLoop(path: string, connections: number, figures: LoopFigures, bare: LoopFigures): void {
  const { perSecond, p50Ms, p99Ms } = figures;
  console.log(
    `GET ${path.padEnd(18)} ${String(connections).padStart(2)} connections: p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms, ` +
      `${perSecond.toFixed(0)}/s, ${(p50Ms / bare.p50Ms).toFixed(1)} times the bare route's p50`,
  );
}

async function measureAnswers(baseUrl: string, people: readonly string[]): Promise<void> {
  for (const connections of [1, PEOPLE]) {
    const load = (path: string, seconds: number) =>
      closedLoop({
        url: baseUrl + path,
        cookies: isOfPeople(path) ? people : [],
        connections,
        seconds,
      });
    await load(BARE, WARM_UP_SECONDS);
    const bare = await load(BARE, SECONDS);
    printLoop(BARE, connections, bare, bare);
    for (const path of MEASURED) {
      await load(path, WARM_UP_SECONDS);
      printLoop(path, connections, await load(path, SECONDS), bare);
    }
  }
}

async function inspectPages(baseUrl: string, cookie: string): Promise<void> {
  const port = await freePort();
  const found = await findBrowser();
  const browser = await chromium.launch({
    ...found,
    args: [...found.args, `--remote-debugging-port=${port}`],
  });
  const headersFor = (path: string) => (isOfPeople(path) ? { Cookie: cookie } : {});
  try {
    for (const path of AUDITED) {
      const weight = await weighScripts(browser, baseUrl + path, headersFor(path));
      console.log(
        `JavaScript of ${path}: ${weight.files} files, plain ${inKilobytes(weight.plainBytes)}, served ${inKilobytes(weight.servedBytes)} ` +
          `(encoding: ${weight.encodings.join(", ")}), gzip ${inKilobytes(weight.gzipBytes)}, brotli ${inKilobytes(weight.brotliBytes)}`,
      );
    }
    for (const path of AUDITED) {
      for (const device of DEVICES) {
        const audit = { port, url: baseUrl + path, headers: headersFor(path), device };
        const { scores, findings } = await auditPage(audit);
        const words = Object.entries(scores).map(([category, score]) => `${category} ${score}`);
        console.log(`Lighthouse of ${path} on a ${device}: ${words.join(", ")}`);
        if (findings.length > 0) console.log(`  below 90: ${findings.join("; ")}`);
      }
    }
  } finally {
    await browser.close();
  }
}

const stack = await startBenchStack();
try {
  const people = await makePeople(stack.file, {
    accounts: ACCOUNTS,
    sessions: PEOPLE,
    castsEach: CASTS_EACH,
  });
  const [first = ""] = people;
  await measureAnswers(stack.file.base_url, people);
  await inspectPages(stack.file.base_url, first);
} finally {
  await stack.end();
}
