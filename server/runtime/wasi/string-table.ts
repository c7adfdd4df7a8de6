import { ERRNO, type Errno } from "./errno.ts";
import type { GuestMemory } from "./guest-memory.ts";

/** `args_*` and `environ_*`: a table of pointers to strings that end with a zero byte. */
export interface StringTable {
  /** How many strings, and how many bytes with their ends. */
  readonly count: number;
  readonly bytes: number;
  readonly get: (pointers: number, buffer: number) => Errno;
  readonly sizes: (countPointer: number, bytesPointer: number) => Errno;
}

export function createStringTable(memory: GuestMemory, strings: readonly string[]): StringTable {
  const encoded = strings.map((text) => new TextEncoder().encode(`${text}\0`));
  const total = encoded.reduce((sum, bytes) => sum + bytes.length, 0);
  return {
    count: encoded.length,
    bytes: total,
    get: (pointers, buffer) => {
      if (!memory.fits(pointers, encoded.length * 4) || !memory.fits(buffer, total)) return ERRNO.fault;
      let at = buffer >>> 0;
      for (const [i, bytes] of encoded.entries()) {
        memory.setU32((pointers >>> 0) + i * 4, at);
        memory.bytes(at, bytes.length).set(bytes);
        at += bytes.length;
      }
      return ERRNO.success;
    },
    sizes: (countPointer, bytesPointer) => {
      if (!memory.fits(countPointer, 4) || !memory.fits(bytesPointer, 4)) return ERRNO.fault;
      memory.setU32(countPointer, encoded.length);
      memory.setU32(bytesPointer, total);
      return ERRNO.success;
    },
  };
}
