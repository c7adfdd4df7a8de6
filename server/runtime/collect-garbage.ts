/** What a heavy run leaves is collected behind it: otherwise a thread with nothing to do keeps it. */
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const MIB = 1_048_576;
/** A thread by itself takes some 15 MiB of its heap. */
const MOST_HEAP_BYTES = 64 * MIB;
/** Collecting takes some 10 ms, which is little beside making and clearing so much memory. */
const MOST_DROPPED_BYTES = 128 * MIB;

// The engine shows its collector to contexts that are made from here on.
setFlagsFromString("--expose-gc");
const collect: unknown = runInNewContext("gc");
let droppedBytes = 0;

/** An instance with so much memory has been let go. */
export function noteDropped(bytes: number): void {
  droppedBytes += bytes;
}

/** Collects garbage when there is much of it. Called when nothing refers to the last instance any more. */
export function collectGarbage(): void {
  if (droppedBytes < MOST_DROPPED_BYTES && getHeapStatistics().used_heap_size < MOST_HEAP_BYTES) return;
  droppedBytes = 0;
  if (typeof collect === "function") Reflect.apply(collect, undefined, []);
}
