import { patientFetch, type Patience } from "./patient-fetch.ts";

/** One answer, before anything is done about it. */
export interface Hop {
  readonly status: number;
  /** Where it sends on. */
  readonly location: URL | null;
}

interface Cookie {
  readonly value: string;
  readonly path: string;
}

/** One `Set-Cookie`; a value of null ends the cookie. */
function parseCookie(line: string): { readonly name: string; readonly value: string | null; path: string } {
  const [pair = "", ...attributes] = line.split(";").map((part) => part.trim());
  const [, name = "", value = ""] = /^([^=]*)=(.*)$/.exec(pair) ?? [];
  const attribute = (wanted: RegExp) => attributes.map((text) => wanted.exec(text)?.[1]).find(Boolean);
  const isOver = Number(attribute(/^max-age=(-?\d+)$/i) ?? 1) <= 0;
  return { name, value: isOver ? null : value, path: attribute(/^path=(.+)$/i) ?? "/" };
}

const isBelow = (path: string, top: string): boolean =>
  path === top || path.startsWith(top.endsWith("/") ? top : `${top}/`);

/**
 * Goes from page to page as a browser does: gives cookies to the origin and the paths they are for, names its origin
 * when it posts a form, and comes back when it is told to. Redirects are the caller's to follow.
 */
export class Visitor {
  readonly #patience: Patience;
  readonly #cookies = new Map<string, Map<string, Cookie>>();

  constructor(patience: Patience) {
    this.#patience = patience;
  }

  cookie({ origin }: URL, name: string): string | undefined {
    return this.#cookies.get(origin)?.get(name)?.value;
  }

  /** Asks for a page; with `form`, posts that to it, from a page of `origin`. @throws Error when patience ends */
  async visit(url: URL, form?: Readonly<Record<string, string>>, origin = url.origin): Promise<Hop> {
    const init = {
      // No `Accept: text/html`: who asks too often is led to a page by it, and told how long to wait without it.
      headers: { Cookie: this.#cookieHeader(url), ...(form && { Origin: origin }) },
      ...(form && { method: "POST", body: new URLSearchParams(form) }),
    };
    const response = await patientFetch(url, init, this.#patience);
    await response.body?.cancel();
    this.#keepCookies(url, response.headers.getSetCookie());
    const location = response.headers.get("Location");
    return { status: response.status, location: location === null ? null : new URL(location, url) };
  }

  #cookieHeader({ origin, pathname }: URL): string {
    return [...(this.#cookies.get(origin) ?? [])]
      .filter(([, { path }]) => isBelow(pathname, path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join("; ");
  }

  #keepCookies({ origin }: URL, lines: readonly string[]): void {
    const jar = this.#cookies.get(origin) ?? new Map<string, Cookie>();
    this.#cookies.set(origin, jar);
    for (const { name, value, path } of lines.map(parseCookie)) {
      if (value === null) jar.delete(name);
      else jar.set(name, { value, path });
    }
  }
}
