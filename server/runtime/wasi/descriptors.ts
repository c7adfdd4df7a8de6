/** What file descriptors a program has: three streams, which it may close, renumber and weaken. */

/** Rights of WASI preview 1, as bits. */
export const RIGHT = {
  fdRead: 1n << 1n,
  fdFdstatSetFlags: 1n << 3n,
  fdWrite: 1n << 6n,
  fdFilestatGet: 1n << 21n,
  pollFdReadwrite: 1n << 27n,
} as const;

export interface Descriptor {
  readonly stream: "stdin" | "stdout" | "stderr";
  rights: bigint;
  flags: number;
}

const common = RIGHT.fdFdstatSetFlags | RIGHT.fdFilestatGet | RIGHT.pollFdReadwrite;

/** The table of a fresh program. */
export const openStreams = (): Map<number, Descriptor> =>
  new Map([
    [0, { stream: "stdin", rights: common | RIGHT.fdRead, flags: 0 }],
    [1, { stream: "stdout", rights: common | RIGHT.fdWrite, flags: 0 }],
    [2, { stream: "stderr", rights: common | RIGHT.fdWrite, flags: 0 }],
  ]);
