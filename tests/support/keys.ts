/** Calls about API keys, over two processes with one clock. */
import { publishSamples } from "./spells.ts";
import { startTestWeb, type Answer, type TestWeb } from "./web.ts";

const DAY_MS = 86_400_000;

export interface KeyTests {
  readonly web: TestWeb;
  readonly second: TestWeb;
  readonly clock: { offsetMs: number };
  /** The moment so many days from the clock's present one. */
  inDays(days: number): string;
  /** Makes a key; with a session's token it may be any. */
  makeKey(key: string, body?: object): Promise<Answer["body"]>;
  change(key: string, prefix: string, body: object): Promise<Answer>;
  rotate(key: string, prefix: string, body?: object): Promise<Answer>;
  /**
   * What the key is answered at both processes, by admission and by what comes before every other verb: `ALIVE` or
   * `DEAD`. It must have the scopes `cast` and `read`.
   */
  statuses(key: string): Promise<number[]>;
  close(): Promise<void>;
}

export const ALIVE = [200, 200, 200];
export const DEAD = [401, 401, 401];

export const prefixOf = (apiKey: string): string => apiKey.split("_")[2] ?? "";

/** Starts both processes, with the spell `echo`. */
export async function startKeyTests(): Promise<KeyTests> {
  const clock = { offsetMs: 0 };
  const web = await startTestWeb({ clock });
  const second = await startTestWeb({ clock, database: web.database });
  await publishSamples(web.platform, "echo");
  return {
    web,
    second,
    clock,
    inDays: (days) => new Date(Date.now() + clock.offsetMs + days * DAY_MS).toISOString(),
    makeKey: async (key, body = {}) => {
      const made = await web.call("POST", "/v1/keys", { key, body: { name: "k", ...body } });
      if (made.status !== 201) throw new Error(`no key was made: ${made.text}`);
      return made.body;
    },
    change: (key, prefix, body) => web.call("PATCH", `/v1/keys/${prefix}`, { key, body }),
    rotate: (key, prefix, body) =>
      web.call("POST", `/v1/keys/${prefix}/rotate`, { key, ...(body === undefined ? {} : { body }) }),
    statuses: async (key) => [
      (await web.cast(key, "echo", 1)).status,
      (await second.cast(key, "echo", 1)).status,
      (await second.call("GET", "/v1/keys", { key })).status,
    ],
    close: async () => {
      await second.close();
      await web.close();
    },
  };
}
