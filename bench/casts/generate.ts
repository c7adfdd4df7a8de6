/** The one generator of load, in a process of its own: reads what to send from its first argument, prints the figures. */
import { createRequire } from "node:module";

export interface Load {
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly connections: number;
  readonly seconds: number;
  readonly body?: string;
  /** Each connection takes some of them in turn, from another one on. None: requests without a key. */
  readonly keys: readonly string[];
}

export interface LoadFigures {
  readonly perSecond: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly failed: number;
}

interface Client {
  setRequests(requests: readonly object[]): void;
}
type Autocannon = (options: object) => Promise<{
  requests: { average: number };
  latency: { average: number; p50: number; p99: number };
  non2xx: number;
  errors: number;
}>;

// autocannon has no types of its own; these are the parts of its documented interface that are used here.
const autocannon = createRequire(import.meta.url)("autocannon") as Autocannon;

/** The generator writes each connection's requests out before it begins: with all keys it would measure itself at that. */
const KEYS_EACH = 16;

async function generate({ url, method, connections, seconds, body, keys }: Load): Promise<LoadFigures> {
  const headers = body === undefined ? {} : { "content-type": "application/json" };
  const requests = keys.map((key) => ({
    method,
    body,
    headers: { ...headers, authorization: `Bearer ${key}` },
  }));
  let client = 0;
  const result = await autocannon({
    url,
    method,
    connections,
    duration: seconds,
    headers,
    body,
    ...(requests.length > 0 && {
      setupClient: (one: Client) => {
        const from = (client * 37) % requests.length;
        client += 1;
        one.setRequests([...requests.slice(from), ...requests].slice(0, KEYS_EACH));
      },
    }),
  });
  const { latency } = result;
  return {
    perSecond: result.requests.average,
    meanMs: latency.average,
    p50Ms: latency.p50,
    p99Ms: latency.p99,
    failed: result.non2xx + result.errors,
  };
}

// Who starts this file gives it a `Load` as JSON.
const load = JSON.parse(process.argv[2] ?? "null") as Load;
process.stdout.write(JSON.stringify(await generate(load)));
