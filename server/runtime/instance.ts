/** One instance of a prepared module with its host side, and how a used one is made fresh again. */
import { NAMES } from "./prepare/policy.ts";
import type { WasiHost } from "./wasi/host.ts";
import { WASI_MODULE } from "./wasi/signatures.ts";

/** Above this, zeroing takes longer than making an instance anew. */
const MOST_RESTORED_BYTES = 1_048_576;

export interface Instance {
  readonly host: WasiHost;
  readonly memory: WebAssembly.Memory;
  /** About what it takes while it is kept. */
  readonly bytes: number;
  /** What the memory holds before the first run, the same for every instance of a module; null: never restored. */
  readonly image: Uint8Array | null;
  /** Runs the start function and the program. */
  readonly run: () => void;
  /** 0, or a value of `GROWTH`. */
  readonly growth: () => number;
  /** Puts everything back as it was before the first run; false when it cannot be, and the instance must go. */
  restore(): boolean;
}

/** The module is not one that preparation made. */
class Unprepared extends Error {
  override readonly name = "Unprepared";
}

function globalOf<Type extends "i32" | "i64">(
  exports: WebAssembly.Exports,
  name: string,
): WebAssembly.Global<Type> {
  const found = exports[name];
  if (!(found instanceof WebAssembly.Global)) throw new Unprepared(`there is no global ${name}`);
  // Its type is the one that preparation gave it.
  return found as WebAssembly.Global<Type>;
}

/** The memory's bytes up to the last that is not zero, in whole words. */
function imageOf(memory: WebAssembly.Memory): Uint8Array {
  const words = new Float64Array(memory.buffer);
  const bits = new BigUint64Array(memory.buffer);
  let end = words.length;
  // A word of zero bits is the number 0; the other number 0, with its sign, is not.
  while (end > 0 && words[end - 1] === 0 && bits[end - 1] === 0n) end -= 1;
  return new Uint8Array(memory.buffer).slice(0, end * 8);
}

/** How to put memory and globals back; null when this module cannot be restored. */
function createRestore(
  exports: WebAssembly.Exports,
  memory: WebAssembly.Memory,
  image: Uint8Array,
): () => boolean {
  const size = memory.buffer.byteLength;
  const initial = Object.keys(exports)
    .filter((name) => name.startsWith(NAMES.global))
    .map((name) => globalOf(exports, name))
    .map((global) => ({ global, value: global.value }));
  return () => {
    if (memory.buffer.byteLength !== size) return false;
    const bytes = new Uint8Array(memory.buffer);
    bytes.set(image);
    bytes.fill(0, image.length);
    for (const { global, value } of initial) global.value = value;
    return true;
  };
}

/**
 * Instantiates a prepared module on a host that no other instance uses. Its own code does not run before `run` does.
 * `knownImage` saves looking for what an earlier instance of it gave.
 * @throws WebAssembly.RuntimeError when a segment does not fit; RangeError when there is no memory for it
 */
export function createInstance(
  module: WebAssembly.Module,
  host: WasiHost,
  knownImage?: Uint8Array,
): Instance {
  const { exports } = new WebAssembly.Instance(module, { [WASI_MODULE]: host.imports });
  const { memory, [NAMES.run]: run } = exports;
  if (!(memory instanceof WebAssembly.Memory) || typeof run !== "function")
    throw new Unprepared("it has no program");
  const growth = globalOf<"i32">(exports, NAMES.growth);
  host.bind(memory, globalOf<"i64">(exports, NAMES.fuel));
  // Schedule 1 did not say it: its modules run, and are made anew each time.
  const besideMemory = NAMES.kept in exports ? globalOf<"i32">(exports, NAMES.kept).value : 0;
  const isRestorable = besideMemory > 0 && memory.buffer.byteLength <= MOST_RESTORED_BYTES;
  const image = isRestorable ? (knownImage ?? imageOf(memory)) : null;
  const restore = image === null ? null : createRestore(exports, memory, image);
  return {
    host,
    memory,
    bytes: memory.buffer.byteLength + besideMemory,
    image,
    run: () => {
      Reflect.apply(run, undefined, []);
    },
    growth: () => growth.value,
    restore: () => {
      host.finish();
      growth.value = 0;
      return restore?.() ?? false;
    },
  };
}
