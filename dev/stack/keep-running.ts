import { setTimeout as pause } from "node:timers/promises";
import type { ProcessId } from "../processes.ts";

/** A process that runs. */
export interface Running {
  readonly id: ProcessId;
  /** Resolves when it is gone, for whatever reason. */
  readonly exited: Promise<void>;
  /** Asks it to leave and waits; kills it when it takes too long. */
  stop(): Promise<void>;
}

export interface Kept {
  /** Ends it for good. */
  stop(): Promise<void>;
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Starts a process and starts it again whenever it dies, until it is stopped; `onStart` sees each one. The first start
 * throws when it fails, later ones are tried again with growing pauses.
 */
export async function keepRunning(
  name: string,
  start: () => Promise<Running>,
  onStart: (running: Running) => void,
): Promise<Kept> {
  const stopping = new AbortController();
  const isStopping = () => stopping.signal.aborted;
  let current = await start();
  onStart(current);

  const again = async (): Promise<void> => {
    for (let wait = FIRST_PAUSE_MS; !isStopping(); wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
      try {
        current = await start();
        onStart(current);
        return;
      } catch (error) {
        console.error(error instanceof Error ? error.message : String(error));
        await pause(wait, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  };
  const watching = (async () => {
    for (;;) {
      await current.exited;
      if (isStopping()) return;
      console.error(`${name} died; starting it again`);
      await again();
      // Asked to stop while that start was under way: `stop` saw the process before.
      if (isStopping()) await current.stop();
    }
  })();

  return {
    stop: async () => {
      stopping.abort();
      await current.stop();
      await watching;
    },
  };
}
