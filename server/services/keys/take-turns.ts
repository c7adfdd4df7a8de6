import { Busy } from "../../errors.ts";

/** Work of which only so much goes on at once; the rest waits in the order of its coming, in bounded number. */
export interface Turns {
  readonly running: number;
  readonly waiting: number;
  /** Does the work when its turn comes. @throws Busy when too many wait already, or what the work throws */
  take<Result>(work: () => Promise<Result>): Promise<Result>;
}

export function createTurns({ width, maxWaiting }: { width: number; maxWaiting: number }): Turns {
  const queue: (() => void)[] = [];
  let running = 0;
  return {
    get running() {
      return running;
    },
    get waiting() {
      return queue.length;
    },
    take: async (work) => {
      if (running < width) running += 1;
      else if (queue.length >= maxWaiting) throw new Busy();
      // Whoever ends passes its place on, so that nobody who comes in between takes it.
      else await new Promise<void>((resolve) => queue.push(resolve));
      try {
        return await work();
      } finally {
        const next = queue.shift();
        if (next === undefined) running -= 1;
        else next();
      }
    },
  };
}
