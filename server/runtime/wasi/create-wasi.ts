/**
 * WASI preview 1 without the world: streams, a frozen clock, seeded randomness, arguments and environment; everything
 * else answers the proper errno. Source: the documentation of wasi_snapshot_preview1.
 */
import { openStreams, RIGHT, type Descriptor } from "./descriptors.ts";
import { ERRNO, type Errno } from "./errno.ts";
import { GuestMemory } from "./guest-memory.ts";
import { createKeystream } from "./keystream.ts";
import { pollOneoff } from "./poll.ts";
import type { WasiName } from "./signatures.ts";
import type { Streams } from "./streams.ts";
import { createStringTable } from "./string-table.ts";

export interface WasiOptions {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly clockMicros: number;
  readonly seed: Uint8Array;
  readonly streams: Streams;
}

/** Why the host ended the program. */
export type HostEnding = { readonly kind: "exit"; readonly code: number } | { readonly kind: "output-limit" };

/** Unwinds the program. A `catch_all` in it can catch this; the recorded ending holds whatever it does then. */
export class Unwind extends Error {
  override readonly name = "Unwind";
}

export interface Wasi {
  readonly imports: Readonly<Record<WasiName, (...args: never[]) => Errno | undefined>>;
  readonly memory: GuestMemory;
  /** Set once, by whatever ended the program first. */
  readonly ending: () => HostEnding | null;
}

/** As many vectors as POSIX systems commonly take in one call (IOV_MAX): more would be work without bound. */
const MAX_VECTORS = 1_024;
const FDFLAGS_APPEND_OR_NONBLOCK = 0b101;
const CLOCKS = 4;
const RESOLUTION_NS = 1_000n;

type ReadVector = (bytes: Uint8Array) => number;

/** Builds the host side of one run. */
export function createWasi(options: WasiOptions): Wasi {
  const { streams } = options;
  const memory = new GuestMemory();
  const fds = openStreams();
  const keystream = createKeystream(options.seed);
  const nowNs = BigInt(options.clockMicros) * 1_000n;
  const args = createStringTable(memory, options.args);
  const environ = createStringTable(
    memory,
    Object.entries(options.env).map(([name, value]) => `${name}=${value}`),
  );
  let ending: HostEnding | null = null;

  const end = (how: HostEnding): never => {
    ending ??= how;
    throw new Unwind();
  };

  /** Does what `act` says for an open descriptor. */
  const withFd = (fd: number, act: (descriptor: Descriptor) => Errno): Errno => {
    const descriptor = fds.get(fd >>> 0);
    return descriptor === undefined ? ERRNO.badf : act(descriptor);
  };
  /** A descriptor that exists is a stream, on which this operation has no meaning. */
  const onStream = (errno: Errno) => (fd: number) => withFd(fd, () => errno);
  const onTwo = (errno: Errno) => (first: number, second: number) => {
    const answer = withFd(first, () => errno);
    return answer === ERRNO.badf ? answer : withFd(second, () => errno);
  };

  /** Goes through a vector of buffers; `move` returns how many bytes it took or gave, fewer means no more. */
  const vectored = (pointer: number, count: number, sizePointer: number, move: ReadVector): Errno => {
    if (count >>> 0 > MAX_VECTORS) return ERRNO.inval;
    if (!memory.fits(pointer, count * 8) || !memory.fits(sizePointer, 4)) return ERRNO.fault;
    let total = 0;
    for (let i = 0; i < count; i += 1) {
      const [buffer, length] = [memory.u32(pointer + i * 8), memory.u32(pointer + i * 8 + 4)];
      if (!memory.fits(buffer, length)) return ERRNO.fault;
      const moved = move(memory.bytes(buffer, length));
      total += moved;
      if (moved < length) break;
    }
    memory.setU32(sizePointer, total);
    return ERRNO.success;
  };

  const writeTo = (stream: Descriptor["stream"]) => (bytes: Uint8Array) => {
    if (stream === "stderr") streams.writeLog(bytes);
    else if (!streams.write(bytes)) end({ kind: "output-limit" });
    return bytes.length;
  };

  const writeFdstat = (pointer: number, { flags, rights }: Descriptor): Errno => {
    if (!memory.fits(pointer, 24)) return ERRNO.fault;
    memory.bytes(pointer, 24).fill(0);
    memory.view.setUint16((pointer >>> 0) + 2, flags, true);
    memory.setU64((pointer >>> 0) + 8, rights);
    return ERRNO.success;
  };

  const writeFilestat = (pointer: number): Errno => {
    if (!memory.fits(pointer, 64)) return ERRNO.fault;
    memory.bytes(pointer, 64).fill(0);
    memory.setU64((pointer >>> 0) + 24, 1n);
    for (const time of [40, 48, 56]) memory.setU64((pointer >>> 0) + time, nowNs);
    return ERRNO.success;
  };

  const clock = (id: number, pointer: number, value: bigint): Errno => {
    if (id >>> 0 >= CLOCKS) return ERRNO.inval;
    if (!memory.fits(pointer, 8)) return ERRNO.fault;
    memory.setU64(pointer, value);
    return ERRNO.success;
  };

  const functions: Record<WasiName, (...args: never[]) => Errno | undefined> = {
    args_get: args.get,
    args_sizes_get: args.sizes,
    environ_get: environ.get,
    environ_sizes_get: environ.sizes,
    clock_res_get: (id: number, pointer: number) => clock(id, pointer, RESOLUTION_NS),
    // All four clocks stand still at the cast's instant: elapsed and processor time are always nothing.
    clock_time_get: (id: number, _precision: bigint, pointer: number) =>
      clock(id, pointer, id < 2 ? nowNs : 0n),
    random_get: (pointer: number, length: number) => {
      if (!memory.fits(pointer, length)) return ERRNO.fault;
      keystream(memory.bytes(pointer, length));
      return ERRNO.success;
    },
    sched_yield: () => ERRNO.success,
    proc_exit: (code: number) => end({ kind: "exit", code: code >>> 0 }),
    proc_raise: () => ERRNO.notsup,
    poll_oneoff: (input: number, output: number, count: number, eventsPointer: number) =>
      pollOneoff(memory, fds, { input, output, count, eventsPointer }),

    fd_read: (fd: number, vectors: number, count: number, size: number) =>
      withFd(fd, ({ rights }) =>
        (rights & RIGHT.fdRead) === 0n
          ? ERRNO.notcapable
          : vectored(vectors, count, size, (bytes) => streams.read(bytes)),
      ),
    fd_write: (fd: number, vectors: number, count: number, size: number) =>
      withFd(fd, ({ rights, stream }) =>
        (rights & RIGHT.fdWrite) === 0n ? ERRNO.notcapable : vectored(vectors, count, size, writeTo(stream)),
      ),
    fd_close: (fd: number) => withFd(fd, () => (fds.delete(fd >>> 0), ERRNO.success)),
    fd_renumber: (from: number, to: number) =>
      withFd(from, (source) =>
        withFd(to, () => {
          fds.delete(from >>> 0);
          fds.set(to >>> 0, source);
          return ERRNO.success;
        }),
      ),
    fd_fdstat_get: (fd: number, pointer: number) =>
      withFd(fd, (descriptor) => writeFdstat(pointer, descriptor)),
    fd_fdstat_set_flags: (fd: number, flags: number) =>
      withFd(fd, (descriptor) => {
        if ((flags & ~FDFLAGS_APPEND_OR_NONBLOCK) !== 0) return ERRNO.inval;
        descriptor.flags = flags;
        return ERRNO.success;
      }),
    fd_fdstat_set_rights: (fd: number, base: bigint) =>
      withFd(fd, (descriptor) => {
        const wanted = BigInt.asUintN(64, base);
        if ((wanted & ~descriptor.rights) !== 0n) return ERRNO.notcapable;
        descriptor.rights = wanted;
        return ERRNO.success;
      }),
    fd_filestat_get: (fd: number, pointer: number) => withFd(fd, () => writeFilestat(pointer)),
    // Nothing is buffered on our side.
    fd_sync: onStream(ERRNO.success),
    fd_datasync: onStream(ERRNO.success),
    fd_advise: onStream(ERRNO.spipe),
    fd_seek: onStream(ERRNO.spipe),
    fd_tell: onStream(ERRNO.spipe),
    fd_pread: onStream(ERRNO.spipe),
    fd_pwrite: onStream(ERRNO.spipe),
    fd_allocate: onStream(ERRNO.notcapable),
    fd_filestat_set_size: onStream(ERRNO.notcapable),
    fd_filestat_set_times: onStream(ERRNO.notcapable),
    fd_readdir: onStream(ERRNO.notdir),
    // No directory is open: this ends a C library's search for them.
    fd_prestat_get: () => ERRNO.badf,
    fd_prestat_dir_name: () => ERRNO.badf,

    path_create_directory: onStream(ERRNO.notdir),
    path_filestat_get: onStream(ERRNO.notdir),
    path_filestat_set_times: onStream(ERRNO.notdir),
    path_link: (from: number, _flags: number, _path: number, _length: number, to: number) =>
      onTwo(ERRNO.notdir)(from, to),
    path_open: onStream(ERRNO.notdir),
    path_readlink: onStream(ERRNO.notdir),
    path_remove_directory: onStream(ERRNO.notdir),
    path_rename: (from: number, _path: number, _length: number, to: number) => onTwo(ERRNO.notdir)(from, to),
    path_symlink: (_path: number, _length: number, fd: number) => onStream(ERRNO.notdir)(fd),
    path_unlink_file: onStream(ERRNO.notdir),
    sock_accept: onStream(ERRNO.notsock),
    sock_recv: onStream(ERRNO.notsock),
    sock_send: onStream(ERRNO.notsock),
    sock_shutdown: onStream(ERRNO.notsock),
  };

  /** Once something ended the program, every further call into the host unwinds it again. */
  const guarded = Object.fromEntries(
    Object.entries(functions).map(([name, act]) => [
      name,
      (...given: never[]) => {
        if (ending !== null) throw new Unwind();
        return act(...given);
      },
    ]),
  );
  return {
    // The same keys as `functions`, which has every name.
    imports: guarded as Wasi["imports"],
    memory,
    ending: () => ending,
  };
}
