import type { Pending } from "./bundle.ts";
import { MOST_RUNS } from "./claim-board.ts";
import type { ExpectedTimes } from "./expected-times.ts";
import type { FairQueue } from "./fair-queue.ts";

/** A bundle is for runs that take less together than a message to a thread and back may. */
const BUNDLE_MS = 1;

/** Runs that may start now in one thread, and where. */
export interface Taken {
  readonly runs: readonly Pending[];
  readonly groups: Set<string>;
  readonly isLong: boolean;
}

/** Takes the run whose turn it is and, when it and those after it are short, some of those; or null. */
export function takeBundle(queue: FairQueue<Pending>, expected: ExpectedTimes): Taken | null {
  const share = Math.ceil(queue.size / Math.max(queue.freePlaces, 1));
  // A run whose thread was lost is carried alone: it may be what the thread was lost to.
  const msOf = ({ losses, task }: Pending) => (losses > 0 ? Infinity : expected.of(task));
  const first = queue.take((item) => msOf(item) < BUNDLE_MS);
  if (first === null) return null;
  const runs = [first.item];
  const groups = new Set([first.item.group]);
  let leftMs = first.isLong ? 0 : BUNDLE_MS - msOf(first.item);
  while (leftMs > 0 && runs.length < Math.min(share, MOST_RUNS)) {
    const next = queue.takeBeside(groups, (item) => msOf(item) <= leftMs);
    if (next === null) break;
    runs.push(next);
    leftMs -= msOf(next);
  }
  return { runs, groups, isLong: first.isLong };
}
