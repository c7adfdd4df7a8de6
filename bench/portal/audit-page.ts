/** Lighthouse's word on a page. */
import lighthouse, { desktopConfig } from "lighthouse";

const GOOD = 0.9;
const CATEGORIES = ["performance", "accessibility", "best-practices"];

export type Device = "phone" | "desktop";

export interface PageAudit {
  /** Of 100, by category. */
  readonly scores: Readonly<Record<string, number>>;
  /** What kept a category below 100. */
  readonly findings: readonly string[];
}

export interface AuditOptions {
  /** Where a Chromium listens for debuggers. */
  readonly port: number;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly device: Device;
}

/** A busy machine at times loses the start of a trace. */
const ATTEMPTS = 3;

async function load({ port, url, headers, device }: AuditOptions, attempt = 1) {
  const flags = { port, extraHeaders: headers, onlyCategories: CATEGORIES, logLevel: "error" as const };
  const result = await lighthouse(url, flags, device === "desktop" ? desktopConfig : undefined);
  if (result === undefined) throw new Error(`Lighthouse gave nothing for ${url}`);
  const { runtimeError } = result.lhr;
  if (runtimeError === undefined) return result.lhr;
  if (attempt === ATTEMPTS) throw new Error(runtimeError.message);
  return load({ port, url, headers, device }, attempt + 1);
}

/** Audits a page on a slow phone, as Lighthouse imagines one, or on a desk. @throws Error when it could not be loaded */
export async function auditPage(options: AuditOptions): Promise<PageAudit> {
  const { url } = options;
  const { categories, audits, finalDisplayedUrl } = await load(options);
  if (finalDisplayedUrl !== url) throw new Error(`${url} led to ${finalDisplayedUrl}`);
  const found = Object.values(categories);
  const weighed = new Set(
    found.flatMap(({ auditRefs }) => auditRefs.filter(({ weight }) => weight > 0).map(({ id }) => id)),
  );
  return {
    scores: Object.fromEntries(found.map(({ id, score }) => [id, Math.round((score ?? 0) * 100)])),
    findings: Object.values(audits)
      .filter(({ id, score }) => weighed.has(id) && score !== null && score < GOOD)
      .map(({ id, displayValue }) => `${id} ${displayValue ?? ""}`.trimEnd()),
  };
}
