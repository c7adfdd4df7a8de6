/** What JavaScript a browser fetches to show a page for the first time. */
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { Browser, Response } from "@playwright/test";

export interface ScriptWeight {
  readonly files: number;
  readonly plainBytes: number;
  /** As they came, with the server's own compression where it has one. */
  readonly servedBytes: number;
  readonly encodings: readonly string[];
  /** What a proxy would make of them, each file by itself. */
  readonly gzipBytes: number;
  readonly brotliBytes: number;
}

async function weigh(response: Response) {
  const [body, { responseBodySize }] = await Promise.all([response.body(), response.request().sizes()]);
  return {
    plain: body.length,
    served: responseBodySize,
    encoding: response.headers()["content-encoding"] ?? "none",
    gzip: gzipSync(body).length,
    brotli: brotliCompressSync(body).length,
  };
}

/** Loads a page in a fresh profile, with these headers, until its network is quiet. */
export async function weighScripts(
  browser: Browser,
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<ScriptWeight> {
  const context = await browser.newContext({ extraHTTPHeaders: headers });
  const page = await context.newPage();
  const scripts = new Map<string, Response>();
  page.on("response", (response) => {
    if (response.request().resourceType() === "script") scripts.set(response.url(), response);
  });
  await page.goto(url, { waitUntil: "networkidle" });
  const weights = await Promise.all([...scripts.values()].map(weigh));
  await context.close();
  const sum = (of: (weight: (typeof weights)[number]) => number) =>
    weights.reduce((total, weight) => total + of(weight), 0);
  return {
    files: weights.length,
    plainBytes: sum(({ plain }) => plain),
    servedBytes: sum(({ served }) => served),
    encodings: [...new Set(weights.map(({ encoding }) => encoding))],
    gzipBytes: sum(({ gzip }) => gzip),
    brotliBytes: sum(({ brotli }) => brotli),
  };
}
