/** Looks over the shoulder of a browser: what no page of ours may do, whatever the story is about. */
import type { BrowserContext, ConsoleMessage, Response } from "@playwright/test";

const OWN_HOSTS = ["localhost", "127.0.0.1"];
/** A refused form answers 4xx, and the browser says so on its own; files that are missing are found by their answer. */
const REFUSED = /^Failed to load resource: the server responded with a status of 4\d\d/;
const MAY_BE_REFUSED = ["document", "fetch", "xhr"];
const BINDING = "reportLayoutShift";

export interface Watch {
  /** What the pages complained of: errors, warnings, violations of the policy, broken hydration, missing files. */
  readonly complaints: readonly string[];
  /** Addresses on other hosts than this one that a page asked for. */
  readonly foreign: readonly string[];
  /** Moves of the layout that nobody had asked for, by their score. */
  readonly shifts: readonly LayoutMove[];
}

export interface LayoutMove {
  readonly score: number;
  /** Which elements moved, on which page. */
  readonly what: string;
}

/** Runs in the page. What moves after the first press is a matter of the story, not of loading. */
function observeLayout(binding: string): void {
  // Playwright puts the binding there before any script of the page runs.
  const report = (window as unknown as Record<string, (move: LayoutMove) => void>)[binding];
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      // The observer is asked for entries of this type alone, which lib.dom does not know.
      const { value, sources } = entry as PerformanceEntry & {
        value: number;
        sources: { node: Node | null }[];
      };
      const names = sources.map(({ node }) =>
        node instanceof Element ? node.outerHTML.slice(0, 80) : "text",
      );
      report?.({ score: value, what: `${location.pathname}: ${names.join(" | ")}` });
    }
  });
  observer.observe({ type: "layout-shift", buffered: true });
  for (const event of ["pointerdown", "keydown"])
    addEventListener(event, () => observer.disconnect(), { capture: true, once: true });
}

const isOwn = (url: string): boolean =>
  !/^(https?|wss?):/.test(url) || OWN_HOSTS.includes(new URL(url).hostname);

const isFault = (response: Response): boolean =>
  response.status() >= 500 ||
  (response.status() >= 400 && !MAY_BE_REFUSED.includes(response.request().resourceType()));

/** Watches every page of a context, from before its first one. */
export async function watch(context: BrowserContext): Promise<Watch> {
  const complaints: string[] = [];
  const foreign: string[] = [];
  const shifts: LayoutMove[] = [];
  const hear = (message: ConsoleMessage) => {
    const text = message.text();
    if (["error", "warning"].includes(message.type()) && !REFUSED.test(text))
      complaints.push(`${message.type()}: ${text}`);
  };
  context.on("console", hear);
  context.on("weberror", (error) => complaints.push(`thrown: ${error.error().message}`));
  context.on("request", (request) => {
    if (!isOwn(request.url())) foreign.push(request.url());
  });
  context.on("response", (response) => {
    if (isFault(response)) complaints.push(`answer ${response.status()}: ${response.url()}`);
  });
  await context.exposeBinding(BINDING, (_source, move: LayoutMove) => void shifts.push(move));
  await context.addInitScript(observeLayout, BINDING);
  return { complaints, foreign, shifts };
}
