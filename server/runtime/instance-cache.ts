/** Instances a thread keeps between runs: making one takes longer than most programs do. */
import { LRUCache } from "lru-cache";
import { noteDropped } from "./collect-garbage.ts";
import { createInstance, type Instance } from "./instance.ts";
import { WasiHost } from "./wasi/host.ts";

const MOST_INSTANCES = 64;
const MOST_BYTES = 32 * 1_048_576;
const MOST_IMAGE_BYTES = 16 * 1_048_576;

/** Restored and ready. */
const idle = new LRUCache<string, Instance>({
  max: MOST_INSTANCES,
  maxSize: MOST_BYTES,
  sizeCalculation: ({ bytes }) => bytes,
});
/** Of modules whose instances cannot be kept, because they grow: what a fresh memory of theirs holds. */
const images = new LRUCache<string, Uint8Array>({
  maxSize: MOST_IMAGE_BYTES,
  sizeCalculation: ({ byteLength }) => Math.max(byteLength, 1),
});
/** Hosts whose instance is gone. A thread runs one program at a time, so one is enough. */
let spare: WasiHost | null = null;

/** A fresh instance: a kept one, which was restored when it was given back, or a new one. */
export function takeInstance(module: WebAssembly.Module, digest: string): Instance {
  const kept = idle.get(digest);
  if (kept !== undefined) {
    idle.delete(digest);
    return kept;
  }
  const host = spare ?? new WasiHost();
  spare = null;
  const instance = createInstance(module, host, images.get(digest));
  if (instance.image !== null) images.set(digest, instance.image);
  return instance;
}

/** Restores an instance after its run and keeps it; of one that cannot be restored only the host stays. */
export function giveBack(instance: Instance, digest: string): void {
  if (instance.restore()) idle.set(digest, instance);
  else {
    spare = instance.host;
    noteDropped(instance.memory.buffer.byteLength);
  }
}
