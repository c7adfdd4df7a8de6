/** What file descriptors a program has: three streams, and the packaged files when there are any. */
import type { DirectoryNode, FileNode } from "./files.ts";

/** Rights of WASI preview 1, as bits. */
export const RIGHT = {
  fdRead: 1n << 1n,
  fdSeek: 1n << 2n,
  fdFdstatSetFlags: 1n << 3n,
  fdTell: 1n << 5n,
  fdWrite: 1n << 6n,
  fdAdvise: 1n << 7n,
  pathOpen: 1n << 13n,
  fdReaddir: 1n << 14n,
  pathReadlink: 1n << 15n,
  pathFilestatGet: 1n << 18n,
  fdFilestatGet: 1n << 21n,
  pollFdReadwrite: 1n << 27n,
} as const;

interface Common {
  rights: bigint;
  /** What descriptors opened through this one may have. */
  inheriting: bigint;
  flags: number;
}

export interface StreamDescriptor extends Common {
  readonly kind: "stream";
  readonly stream: "stdin" | "stdout" | "stderr";
}

export interface FileDescriptor extends Common {
  readonly kind: "file";
  readonly node: FileNode;
  position: number;
}

export interface DirectoryDescriptor extends Common {
  readonly kind: "directory";
  readonly node: DirectoryNode;
  /** The name under which the program was given it; null for one it opened itself. */
  readonly preopenedAs: string | null;
}

export type Descriptor = StreamDescriptor | FileDescriptor | DirectoryDescriptor;

const STREAM = RIGHT.fdFdstatSetFlags | RIGHT.fdFilestatGet | RIGHT.pollFdReadwrite;
export const FILE_RIGHTS =
  RIGHT.fdRead |
  RIGHT.fdSeek |
  RIGHT.fdTell |
  RIGHT.fdAdvise |
  RIGHT.fdFdstatSetFlags |
  RIGHT.fdFilestatGet |
  RIGHT.pollFdReadwrite;
export const DIRECTORY_RIGHTS =
  RIGHT.pathOpen | RIGHT.fdReaddir | RIGHT.pathReadlink | RIGHT.pathFilestatGet | RIGHT.fdFilestatGet;

const MOST_OPEN = 1_024;
const FIRST_FREE = 3;

/** The table of one run. */
export class Descriptors {
  readonly #open = new Map<number, Descriptor>();

  constructor(root: DirectoryNode | null) {
    const stream = (name: StreamDescriptor["stream"], rights: bigint): StreamDescriptor => ({
      kind: "stream",
      stream: name,
      rights: STREAM | rights,
      inheriting: 0n,
      flags: 0,
    });
    this.#open.set(0, stream("stdin", RIGHT.fdRead));
    this.#open.set(1, stream("stdout", RIGHT.fdWrite));
    this.#open.set(2, stream("stderr", RIGHT.fdWrite));
    if (root !== null) {
      this.#open.set(FIRST_FREE, {
        kind: "directory",
        node: root,
        preopenedAs: "/resources",
        rights: DIRECTORY_RIGHTS,
        inheriting: DIRECTORY_RIGHTS | FILE_RIGHTS,
        flags: 0,
      });
    }
  }

  get(fd: number): Descriptor | undefined {
    return this.#open.get(fd >>> 0);
  }

  /** Gives the lowest free number, as POSIX does; null when too many are open. */
  open(descriptor: Descriptor): number | null {
    if (this.#open.size >= MOST_OPEN) return null;
    let fd = FIRST_FREE;
    while (this.#open.has(fd)) fd += 1;
    this.#open.set(fd, descriptor);
    return fd;
  }

  close(fd: number): void {
    this.#open.delete(fd >>> 0);
  }

  /** Puts a descriptor in the place of another. */
  move(from: number, to: number, descriptor: Descriptor): void {
    if (from >>> 0 === to >>> 0) return;
    this.#open.set(to >>> 0, descriptor);
    this.#open.delete(from >>> 0);
  }
}
