/** `path_*`: what the packaged files allow, which is to be found, described and read. */
import {
  DIRECTORY_RIGHTS,
  FILE_RIGHTS,
  RIGHT,
  type Descriptor,
  type DirectoryDescriptor,
} from "./descriptors.ts";
import { ERRNO, type Errno } from "./errno.ts";
import { lookUp, type Node } from "./files.ts";
import type { Host, HostFunction } from "./host-function.ts";
import type { WasiName } from "./signatures.ts";
import { writeFilestat } from "./stat.ts";

/** PATH_MAX of POSIX systems: decoding a path takes many times its bytes of the thread's own memory. */
const MOST_PATH_BYTES = 4_096;
const OFLAGS = { creat: 1, directory: 2, excl: 4, trunc: 8 } as const;

const SLASH = 0x2f;
const decoder = new TextDecoder();

/** How many steps a path has behind its first. */
function stepsIn(path: Uint8Array): number {
  let steps = 0;
  for (let at = path.indexOf(SLASH); at >= 0; at = path.indexOf(SLASH, at + 1)) steps += 1;
  return steps;
}

export function pathFunctions(host: Host) {
  const { memory, fuel } = host;

  const withDirectory = (
    fd: number,
    right: bigint,
    act: (from: DirectoryDescriptor) => Errno | null,
  ): Errno | null => {
    const descriptor = host.run.fds.get(fd);
    if (descriptor === undefined) return ERRNO.badf;
    if (descriptor.kind !== "directory") return ERRNO.notdir;
    return (descriptor.rights & right) === 0n ? ERRNO.notcapable : act(descriptor);
  };

  /** Pays for the path and for each step of it, and finds what it names. */
  const withPath = (
    { node }: DirectoryDescriptor,
    pointer: number,
    length: number,
    act: (found: Node, path: string) => Errno | null,
    missing: Errno = ERRNO.noent,
  ): Errno | null => {
    if (!memory.fits(pointer, length)) return ERRNO.fault;
    if (length >>> 0 > MOST_PATH_BYTES) return ERRNO.nametoolong;
    if (!fuel.pay(1, length >>> 0)) return null;
    const bytes = memory.bytes(pointer, length);
    if (!fuel.pay(stepsIn(bytes), 0)) return null;
    const path = decoder.decode(bytes);
    const found = lookUp(node, path);
    if (found === "noent") return missing;
    return typeof found === "string" ? ERRNO[found] : act(found, path);
  };

  const open = (
    from: DirectoryDescriptor,
    found: Node,
    wanted: { oflags: number; rights: bigint; inheriting: bigint; flags: number },
  ): Errno | Descriptor => {
    if ((wanted.oflags & OFLAGS.creat) !== 0 && (wanted.oflags & OFLAGS.excl) !== 0) return ERRNO.exist;
    if ((wanted.oflags & OFLAGS.directory) !== 0 && found.kind === "file") return ERRNO.notdir;
    const isChange = (wanted.oflags & OFLAGS.trunc) !== 0 || (wanted.rights & RIGHT.fdWrite) !== 0n;
    if (isChange) return found.kind === "file" ? ERRNO.rofs : ERRNO.isdir;
    const passedOn = wanted.inheriting & from.inheriting;
    return found.kind === "file"
      ? {
          kind: "file",
          node: found,
          position: 0,
          rights: wanted.rights & FILE_RIGHTS & from.inheriting,
          inheriting: passedOn,
          flags: wanted.flags,
        }
      : {
          kind: "directory",
          node: found,
          preopenedAs: null,
          rights: wanted.rights & DIRECTORY_RIGHTS & from.inheriting,
          inheriting: passedOn,
          flags: wanted.flags,
        };
  };

  /** Whatever would change the files. */
  const refuse = (fd: number) => withDirectory(fd, -1n, () => ERRNO.rofs);

  return {
    path_open: (
      fd: number,
      _lookup: number,
      path: number,
      length: number,
      oflags: number,
      base: bigint,
      inherited: bigint,
      flags: number,
      pointer: number,
    ) =>
      withDirectory(fd, RIGHT.pathOpen, (from) => {
        if (!memory.fits(pointer, 4)) return ERRNO.fault;
        const missing = (oflags & OFLAGS.creat) === 0 ? ERRNO.noent : ERRNO.rofs;
        const [rights, inheriting] = [BigInt.asUintN(64, base), BigInt.asUintN(64, inherited)];
        return withPath(
          from,
          path,
          length,
          (found, text) => {
            if (found.kind === "file" && text.endsWith("/")) return ERRNO.notdir;
            const opened = open(from, found, { oflags, rights, inheriting, flags });
            if (typeof opened === "number") return opened;
            const given = host.run.fds.open(opened);
            if (given === null) return ERRNO.mfile;
            memory.setU32(pointer, given);
            return ERRNO.success;
          },
          missing,
        );
      }),
    path_filestat_get: (fd: number, _lookup: number, path: number, length: number, pointer: number) =>
      withDirectory(fd, RIGHT.pathFilestatGet, (from) =>
        withPath(from, path, length, (found) => writeFilestat(memory, pointer, found, host.run.nowNs)),
      ),
    // There are no links.
    path_readlink: (fd: number, path: number, length: number) =>
      withDirectory(fd, RIGHT.pathReadlink, (from) => withPath(from, path, length, () => ERRNO.inval)),
    path_create_directory: refuse,
    path_filestat_set_times: refuse,
    path_link: (from: number, _lookup: number, _path: number, _length: number, to: number) => {
      const first = refuse(from);
      return first === ERRNO.badf ? first : refuse(to);
    },
    path_remove_directory: refuse,
    path_rename: (from: number, _path: number, _length: number, to: number) => {
      const first = refuse(from);
      return first === ERRNO.badf ? first : refuse(to);
    },
    path_symlink: (_target: number, _length: number, fd: number) => refuse(fd),
    path_unlink_file: refuse,
  } satisfies Partial<Record<WasiName, HostFunction>>;
}
