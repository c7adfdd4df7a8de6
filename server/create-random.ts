import { randomFillSync, randomUUIDv7 } from "node:crypto";
import type { Random } from "./context.ts";

const POOL_BYTES = 4_096;

/**
 * Ids, seeds and secrets from the operating system's generator. Bytes are drawn by the pool, since to ask for 32 costs
 * as much as for all of it; what was given out is a copy, and is no longer in the pool.
 */
export function createRandom(): Random {
  const pool = new Uint8Array(POOL_BYTES);
  let used = POOL_BYTES;
  return {
    bytes: (count) => {
      if (count > POOL_BYTES) return randomFillSync(new Uint8Array(count));
      if (used + count > POOL_BYTES) {
        randomFillSync(pool);
        used = 0;
      }
      const given = pool.slice(used, used + count);
      pool.fill(0, used, used + count);
      used += count;
      return given;
    },
    id: () => randomUUIDv7(),
  };
}
