/** Pages as a browser without JavaScript sees them. */
import type { Person, TestWeb } from "./web.ts";

type Who = Pick<Person, "sessionToken"> | null;
type Headers = Readonly<Record<string, string>>;
type Fields = Readonly<Record<string, string | readonly string[]>>;

export interface Page {
  readonly status: number;
  readonly headers: Response["headers"];
  /** The document as it came, without what React writes between two texts. */
  readonly text: string;
}

export interface Pages {
  read(path: string, who: Who, headers?: Headers): Promise<Page>;
  /** Posts a form; redirects are not followed. */
  post(path: string, who: Who, fields: Fields, headers?: Headers): Promise<Page>;
}

/** A browser without JavaScript, English unless its headers say otherwise. */
export function openPages({ baseUrl, platform }: Pick<TestWeb, "baseUrl" | "platform">): Pages {
  const { origin } = new URL(platform.config.APP_URL);
  const ask = async (path: string, who: Who, init: RequestInit, more: Headers): Promise<Page> => {
    const response = await fetch(new URL(path, baseUrl), {
      ...init,
      redirect: "manual",
      headers: {
        "Accept-Language": "en",
        ...(who === null ? {} : { Cookie: `spell_session=${who.sessionToken}` }),
        ...more,
      },
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text: text.replaceAll("<!-- -->", "") };
  };
  return {
    read: (path, who, headers = {}) => ask(path, who, {}, headers),
    post: (path, who, fields, headers = {}) => {
      const body = new URLSearchParams();
      for (const [name, given] of Object.entries(fields))
        for (const value of typeof given === "string" ? [given] : given) body.append(name, value);
      return ask(path, who, { method: "POST", body }, { Origin: origin, ...headers });
    },
  };
}
