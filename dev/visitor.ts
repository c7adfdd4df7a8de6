import { setTimeout as pause } from "node:timers/promises";

/** One answer, before anything is done about it. */
export interface Hop {
  readonly status: number;
  /** Where it sends on. */
  readonly location: URL | null;
}

const REQUEST_TIMEOUT_MS = 30_000;
/** For an answer 429 that does not say how long. */
const USUAL_WAIT_SECONDS = 1;

/**
 * Goes from page to page as a browser does: keeps each origin's cookies to it, names its origin when it posts a form,
 * and comes back when it is told to. Redirects are the caller's to follow.
 */
export class Visitor {
  readonly #giveUpAtMs: number;
  readonly #cookies = new Map<string, Map<string, string>>();

  constructor(timeoutMs: number) {
    this.#giveUpAtMs = Date.now() + timeoutMs;
  }

  cookie(url: URL, name: string): string | undefined {
    return this.#cookies.get(url.origin)?.get(name);
  }

  /** Asks for a page; with `form`, posts that to it, from a page of `origin`. @throws Error when time is over */
  async visit(url: URL, form?: Readonly<Record<string, string>>, origin = url.origin): Promise<Hop> {
    for (;;) {
      const response = await fetch(url, {
        redirect: "manual",
        // No `Accept: text/html`: a browser that asks too often is led to a page, a program is told how long to wait.
        signal: AbortSignal.timeout(Math.min(REQUEST_TIMEOUT_MS, this.#remainingMs())),
        headers: { Cookie: this.#cookieHeader(url), ...(form && { Origin: origin }) },
        ...(form && { method: "POST", body: new URLSearchParams(form) }),
      });
      await response.body?.cancel();
      this.#keepCookies(url, response.headers.getSetCookie());
      if (response.status !== 429) {
        const location = response.headers.get("Location");
        return { status: response.status, location: location === null ? null : new URL(location, url) };
      }
      await this.#wait(Number(response.headers.get("Retry-After") ?? USUAL_WAIT_SECONDS) * 1_000);
    }
  }

  #remainingMs(): number {
    return Math.max(this.#giveUpAtMs - Date.now(), 0);
  }

  async #wait(waitMs: number): Promise<void> {
    if (!(waitMs < this.#remainingMs())) throw new Error("asked to come back later than there is time for");
    await pause(waitMs);
  }

  #cookieHeader(url: URL): string {
    return [...(this.#cookies.get(url.origin) ?? [])].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  #keepCookies(url: URL, lines: readonly string[]): void {
    const jar = this.#cookies.get(url.origin) ?? new Map<string, string>();
    this.#cookies.set(url.origin, jar);
    for (const line of lines) {
      const [pair = "", ...attributes] = line.split(";");
      const [, name = "", value = ""] = /^\s*([^=]*)=(.*)$/.exec(pair) ?? [];
      const isOver = attributes.some((attribute) => /^\s*max-age=(0|-\d+)\s*$/i.test(attribute));
      if (isOver) jar.delete(name);
      else jar.set(name, value);
    }
  }
}
