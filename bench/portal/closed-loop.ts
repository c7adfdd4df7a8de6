/** A closed loop: each of some connections asks, reads the whole answer, and asks again. */
import { Agent, get } from "node:http";

export interface LoopFigures {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

function ask(url: string, cookie: string | undefined, agent: Agent): Promise<number> {
  const startedAt = performance.now();
  const headers = cookie === undefined ? {} : { cookie };
  return new Promise((resolve, reject) => {
    get(url, { agent, headers }, (response) => {
      response.resume();
      response.once("error", reject);
      response.once("end", () => {
        if (response.statusCode === 200) resolve(performance.now() - startedAt);
        else reject(new Error(`${url} answered ${response.statusCode ?? 0}`));
      });
    }).once("error", reject);
  });
}

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? Number.NaN;

export interface LoopOptions {
  readonly url: string;
  /** One for each connection, in turn; none: nobody is signed in. */
  readonly cookies: readonly string[];
  readonly connections: number;
  readonly seconds: number;
}

/** Runs it for some seconds. @throws Error when an answer is not 200 */
export async function closedLoop({ url, cookies, connections, seconds }: LoopOptions): Promise<LoopFigures> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const times: number[] = [];
  const startedAt = performance.now();
  const stopAt = startedAt + seconds * 1_000;
  const connection = async (index: number) => {
    while (performance.now() < stopAt) times.push(await ask(url, cookies[index % cookies.length], agent));
  };
  try {
    await Promise.all(Array.from({ length: connections }, (_, index) => connection(index)));
  } finally {
    agent.destroy();
  }
  const tookMs = performance.now() - startedAt;
  times.sort((a, b) => a - b);
  return {
    perSecond: (times.length * 1_000) / tookMs,
    p50Ms: percentile(times, 0.5),
    p99Ms: percentile(times, 0.99),
  };
}
