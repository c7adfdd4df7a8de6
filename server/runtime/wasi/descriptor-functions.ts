/** `fd_*`: streams, and the packaged files and directories, which can be read and never changed. */
import { RIGHT, type Descriptor, type DirectoryDescriptor, type FileDescriptor } from "./descriptors.ts";
import { ERRNO, type Errno } from "./errno.ts";
import type { Host, HostFunction } from "./host-function.ts";
import type { WasiName } from "./signatures.ts";
import { direntSize, writeDirent, writeFdstat, writeFilestat, writePrestat } from "./stat.ts";

/** As many vectors as POSIX systems commonly take in one call (IOV_MAX): more would be work without bound. */
const MOST_VECTORS = 1_024;
const FDFLAGS_APPEND_OR_NONBLOCK = 0b101;
const WHENCE_CURRENT = 1;
const MOST_OFFSET = 2n ** 53n;

/** Takes or fills a piece of the program's memory; gives how many bytes, fewer than the piece when there is no more. */
type Move = (piece: Uint8Array) => number;

export function descriptorFunctions(host: Host) {
  const { memory, fuel } = host;

  const withFd = (fd: number, act: (descriptor: Descriptor) => Errno | null): Errno | null => {
    const descriptor = host.run.fds.get(fd);
    return descriptor === undefined ? ERRNO.badf : act(descriptor);
  };
  const withRight = (
    fd: number,
    right: bigint,
    act: (descriptor: Descriptor) => Errno | null,
  ): Errno | null =>
    withFd(fd, (descriptor) => ((descriptor.rights & right) === 0n ? ERRNO.notcapable : act(descriptor)));
  const answer = (errno: Errno) => (fd: number) => withFd(fd, () => errno);
  /** For what only files can do; streams cannot be positioned. */
  const onFile = (fd: number, act: (file: FileDescriptor) => Errno | null) =>
    withFd(fd, (descriptor) => {
      if (descriptor.kind === "stream") return ERRNO.spipe;
      return descriptor.kind === "file" ? act(descriptor) : ERRNO.isdir;
    });
  /** A change of what cannot be changed. */
  const refuseChange = (onStream: Errno) => (fd: number) =>
    withFd(fd, ({ kind }) =>
      kind === "file" ? ERRNO.rofs : kind === "directory" ? ERRNO.notcapable : onStream,
    );

  /** Pays for a vector of buffers before it is gone through, and for all of their bytes before any moves. */
  const vectored = (pointer: number, count: number, sizePointer: number, move: Move): Errno | null => {
    const vectors = count >>> 0;
    if (vectors > MOST_VECTORS) return ERRNO.inval;
    if (!memory.fits(pointer, vectors * 8) || !memory.fits(sizePointer, 4)) return ERRNO.fault;
    if (!fuel.pay(vectors, 0)) return null;
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    for (let i = 0; i < vectors; i += 1) {
      const [buffer, length] = [memory.u32(pointer + i * 8), memory.u32(pointer + i * 8 + 4)];
      if (!memory.fits(buffer, length)) return ERRNO.fault;
      pieces.push(memory.bytes(buffer, length));
      bytes += length;
    }
    if (!fuel.pay(0, bytes)) return null;
    let total = 0;
    for (const piece of pieces) {
      const moved = move(piece);
      if (moved < 0) return null;
      total += moved;
      if (moved < piece.length) break;
    }
    memory.setU32(sizePointer, total);
    return ERRNO.success;
  };

  /** Copies from a file, beginning at `from`; gives the new position. */
  const readFile = (bytes: Uint8Array, from: number, piece: Uint8Array): number => {
    const found = bytes.subarray(from, from + piece.length);
    piece.set(found);
    return found.length;
  };

  const read = (descriptor: Descriptor): Move | null => {
    if (descriptor.kind === "directory") return null;
    if (descriptor.kind === "stream") return (piece) => host.run.streams.read(piece);
    return (piece) => {
      const length = readFile(descriptor.node.bytes, descriptor.position, piece);
      descriptor.position += length;
      return length;
    };
  };

  const write =
    (isLog: boolean): Move =>
    (piece) => {
      if (isLog) host.run.streams.writeLog(piece);
      else if (!host.run.streams.write(piece)) {
        host.end({ kind: "output-limit" });
        return -1;
      }
      return piece.length;
    };

  const seek = (file: FileDescriptor, offset: bigint, whence: number, pointer: number): Errno => {
    if (!memory.fits(pointer, 8)) return ERRNO.fault;
    const base = [0, file.position, file.node.bytes.length][whence >>> 0];
    if (base === undefined) return ERRNO.inval;
    const target = BigInt(base) + offset;
    if (target < 0n || target > MOST_OFFSET) return ERRNO.inval;
    file.position = Number(target);
    memory.setU64(pointer, target);
    return ERRNO.success;
  };

  /** Lists from an entry on. Each is paid for before it is written; what does not fit is cut, as the interface wants it. */
  const list = (
    { node: { listing } }: DirectoryDescriptor,
    pointer: number,
    length: number,
    cookie: bigint,
    sizePointer: number,
  ) => {
    if (!memory.fits(pointer, length) || !memory.fits(sizePointer, 4)) return ERRNO.fault;
    const buffer = memory.bytes(pointer, length);
    let used = 0;
    let next = Number(BigInt.asUintN(64, cookie));
    for (let entry = listing[next]; entry !== undefined && used < buffer.length; entry = listing[next]) {
      const room = buffer.subarray(used, used + direntSize(entry));
      if (!fuel.pay(1, room.length)) return null;
      next += 1;
      writeDirent(room, next, entry);
      used += room.length;
    }
    memory.setU32(sizePointer, used);
    return ERRNO.success;
  };

  const withPreopened = (fd: number, act: (name: string) => Errno): Errno => {
    const descriptor = host.run.fds.get(fd);
    const name = descriptor?.kind === "directory" ? descriptor.preopenedAs : null;
    return name === null ? ERRNO.badf : act(name);
  };

  return {
    fd_read: (fd: number, vectors: number, count: number, size: number) =>
      withFd(fd, (descriptor) => {
        const move = read(descriptor);
        if (move === null) return ERRNO.isdir;
        return (descriptor.rights & RIGHT.fdRead) === 0n
          ? ERRNO.notcapable
          : vectored(vectors, count, size, move);
      }),
    fd_pread: (fd: number, vectors: number, count: number, offset: bigint, size: number) =>
      onFile(fd, ({ node, rights }) => {
        if ((rights & RIGHT.fdRead) === 0n) return ERRNO.notcapable;
        if (offset < 0n || offset > MOST_OFFSET) return ERRNO.inval;
        let at = Number(offset);
        return vectored(vectors, count, size, (piece) => {
          const length = readFile(node.bytes, at, piece);
          at += length;
          return length;
        });
      }),
    fd_write: (fd: number, vectors: number, count: number, size: number) =>
      withFd(fd, (descriptor) =>
        descriptor.kind !== "stream" || (descriptor.rights & RIGHT.fdWrite) === 0n
          ? ERRNO.notcapable
          : vectored(vectors, count, size, write(descriptor.stream === "stderr")),
      ),
    fd_pwrite: refuseChange(ERRNO.spipe),
    fd_seek: (fd: number, offset: bigint, whence: number, pointer: number) =>
      onFile(fd, (file) =>
        (file.rights & RIGHT.fdSeek) === 0n ? ERRNO.notcapable : seek(file, offset, whence, pointer),
      ),
    fd_tell: (fd: number, pointer: number) =>
      onFile(fd, (file) =>
        // The right to seek implies the right to tell.
        (file.rights & (RIGHT.fdTell | RIGHT.fdSeek)) === 0n
          ? ERRNO.notcapable
          : seek(file, 0n, WHENCE_CURRENT, pointer),
      ),
    fd_advise: (fd: number, offset: bigint, length: bigint, advice: number) =>
      onFile(fd, ({ rights }) => {
        if ((rights & RIGHT.fdAdvise) === 0n) return ERRNO.notcapable;
        return offset < 0n || length < 0n || advice >>> 0 > 5 ? ERRNO.inval : ERRNO.success;
      }),
    fd_close: (fd: number) =>
      withFd(fd, () => {
        host.run.fds.close(fd);
        return ERRNO.success;
      }),
    fd_renumber: (from: number, to: number) =>
      withFd(from, (descriptor) =>
        withFd(to, () => {
          host.run.fds.move(from, to, descriptor);
          return ERRNO.success;
        }),
      ),
    fd_fdstat_get: (fd: number, pointer: number) =>
      withFd(fd, (descriptor) => writeFdstat(memory, pointer, descriptor)),
    fd_fdstat_set_flags: (fd: number, flags: number) =>
      withRight(fd, RIGHT.fdFdstatSetFlags, (descriptor) => {
        if ((flags & ~FDFLAGS_APPEND_OR_NONBLOCK) !== 0) return ERRNO.inval;
        descriptor.flags = flags;
        return ERRNO.success;
      }),
    fd_fdstat_set_rights: (fd: number, base: bigint, inheriting: bigint) =>
      withFd(fd, (descriptor) => {
        const [rights, passedOn] = [BigInt.asUintN(64, base), BigInt.asUintN(64, inheriting)];
        if ((rights & ~descriptor.rights) !== 0n || (passedOn & ~descriptor.inheriting) !== 0n)
          return ERRNO.notcapable;
        descriptor.rights = rights;
        descriptor.inheriting = passedOn;
        return ERRNO.success;
      }),
    fd_filestat_get: (fd: number, pointer: number) =>
      withRight(fd, RIGHT.fdFilestatGet, (descriptor) =>
        writeFilestat(memory, pointer, descriptor, host.run.nowNs),
      ),
    // Nothing is buffered on our side.
    fd_sync: answer(ERRNO.success),
    fd_datasync: answer(ERRNO.success),
    fd_allocate: refuseChange(ERRNO.notcapable),
    fd_filestat_set_size: refuseChange(ERRNO.notcapable),
    fd_filestat_set_times: refuseChange(ERRNO.notcapable),
    fd_readdir: (fd: number, pointer: number, length: number, cookie: bigint, size: number) =>
      withFd(fd, (descriptor) => {
        if (descriptor.kind !== "directory") return ERRNO.notdir;
        return (descriptor.rights & RIGHT.fdReaddir) === 0n
          ? ERRNO.notcapable
          : list(descriptor, pointer, length, cookie, size);
      }),
    // Without packaged files no directory is open: this ends a C library's search for them.
    fd_prestat_get: (fd: number, pointer: number) =>
      withPreopened(fd, (name) => writePrestat(memory, pointer, name)),
    fd_prestat_dir_name: (fd: number, pointer: number, length: number) =>
      withPreopened(fd, (name) => {
        const bytes = Buffer.from(name);
        if (length >>> 0 < bytes.length) return ERRNO.nametoolong;
        if (!memory.fits(pointer, bytes.length)) return ERRNO.fault;
        memory.bytes(pointer, bytes.length).set(bytes);
        return ERRNO.success;
      }),
  } satisfies Partial<Record<WasiName, HostFunction>>;
}
