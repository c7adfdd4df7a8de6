/** An open loop: something is begun at fixed times, however long what was begun before takes. */
import { setTimeout as pause } from "node:timers/promises";

export interface OpenLoopFigures {
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly slowestMs: number;
}

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? Number.NaN;

/** Times count from when each was due: one that had to wait for its turn is not made to look fast. */
export async function openLoop(
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
  act: () => Promise<void>,
): Promise<OpenLoopFigures> {
  const startedAt = performance.now();
  const under: Promise<number>[] = [];
  for (let nth = 0; nth < perSecond * seconds; nth += 1) {
    const dueAt = startedAt + (nth * 1_000) / perSecond;
    const waitMs = dueAt - performance.now();
    if (waitMs > 0) await pause(waitMs);
    const took = act().then(() => performance.now() - dueAt);
    // A failure is heard at the end, with all the others.
    took.catch(() => undefined);
    under.push(took);
  }
  const times = await Promise.all(under);
  times.sort((a, b) => a - b);
  return {
    count: times.length,
    p50Ms: percentile(times, 0.5),
    p99Ms: percentile(times, 0.99),
    slowestMs: percentile(times, 1),
  };
}
