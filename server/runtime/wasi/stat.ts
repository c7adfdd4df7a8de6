/** The structures in which a program is told about its descriptors. Layouts: witx of wasi_snapshot_preview1. */
import type { Descriptor } from "./descriptors.ts";
import { ERRNO, type Errno } from "./errno.ts";
import type { Entry, Node } from "./files.ts";
import type { GuestMemory } from "./guest-memory.ts";

const FILETYPE = { unknown: 0, directory: 3, regularFile: 4 } as const;
const FILESTAT_BYTES = 64;
const FDSTAT_BYTES = 24;
const PRESTAT_BYTES = 8;
const DIRENT_BYTES = 24;

export const fileTypeOf = (what: Descriptor | Node): number => {
  if (what.kind === "directory") return FILETYPE.directory;
  return what.kind === "file" ? FILETYPE.regularFile : FILETYPE.unknown;
};

export function writeFdstat(memory: GuestMemory, pointer: number, descriptor: Descriptor): Errno {
  if (!memory.fits(pointer, FDSTAT_BYTES)) return ERRNO.fault;
  const at = pointer >>> 0;
  memory.bytes(at, FDSTAT_BYTES).fill(0);
  memory.view.setUint8(at, fileTypeOf(descriptor));
  memory.view.setUint16(at + 2, descriptor.flags, true);
  memory.setU64(at + 8, descriptor.rights);
  memory.setU64(at + 16, descriptor.inheriting);
  return ERRNO.success;
}

/** Times are the cast's instant: nothing else exists for a program. */
export function writeFilestat(
  memory: GuestMemory,
  pointer: number,
  what: Descriptor | Node,
  nowNs: bigint,
): Errno {
  if (!memory.fits(pointer, FILESTAT_BYTES)) return ERRNO.fault;
  const at = pointer >>> 0;
  const node = "node" in what ? what.node : what;
  memory.bytes(at, FILESTAT_BYTES).fill(0);
  if (node.kind !== "stream") memory.setU64(at + 8, node.inode);
  memory.view.setUint8(at + 16, fileTypeOf(what));
  memory.setU64(at + 24, 1n);
  if (node.kind === "file") memory.setU64(at + 32, BigInt(node.bytes.length));
  for (const time of [40, 48, 56]) memory.setU64(at + time, nowNs);
  return ERRNO.success;
}

export function writePrestat(memory: GuestMemory, pointer: number, name: string): Errno {
  if (!memory.fits(pointer, PRESTAT_BYTES)) return ERRNO.fault;
  memory.setU32(pointer, 0);
  memory.setU32((pointer >>> 0) + 4, Buffer.byteLength(name));
  return ERRNO.success;
}

/** How many bytes an entry of a listing takes: header and name. */
export const direntSize = ({ name }: Entry): number => DIRENT_BYTES + name.length;

const dirent = Buffer.alloc(DIRENT_BYTES);

/** Writes an entry of a listing, or as much of it as there is room. `next` is the cookie of the one behind it. */
export function writeDirent(room: Uint8Array, next: number, { name, node }: Entry): void {
  dirent.writeUInt32LE(next, 0);
  dirent.writeBigUInt64LE(node.inode, 8);
  dirent.writeUInt32LE(name.length, 16);
  dirent.writeUInt8(fileTypeOf(node), 20);
  if (room.length < DIRENT_BYTES) room.set(dirent.subarray(0, room.length));
  else {
    room.set(dirent);
    room.set(name.subarray(0, room.length - DIRENT_BYTES), DIRENT_BYTES);
  }
}
