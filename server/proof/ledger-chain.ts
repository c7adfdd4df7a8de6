/**
 * The ledger's format, for whoever checks it without a database: canonical bytes of an entry and the chain of hashes.
 * Specified in docs/ledger.md; the SQL function `ledger_canonical` is the writer's side of the same.
 */
import { createHash } from "node:crypto";

export interface LedgerEntry {
  readonly seq: number;
  /** Microseconds since the Unix epoch. */
  readonly atMicros: number;
  readonly kind: string;
  /** UUIDs in text form, or null. */
  readonly pseudonym: string | null;
  readonly subject: string | null;
  readonly amountMicros: number;
  /** JSON, as the bytes that were written. */
  readonly details: Uint8Array;
  readonly hash: Uint8Array;
}

export interface ChainLink {
  readonly seq: number;
  readonly hash: Uint8Array;
}

/** Before the first entry: number 0 and 32 zero bytes. */
export const GENESIS: ChainLink = { seq: 0, hash: new Uint8Array(32) };

/** The chain does not hold at this entry. */
export class BrokenChain extends Error {
  override readonly name = "BrokenChain";
  readonly seq: number;
  constructor(seq: number, why: string) {
    super(`ledger entry ${seq}: ${why}`);
    this.seq = seq;
  }
}

function field(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function int64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}

const uuid = (text: string | null): Buffer => Buffer.from(text?.replaceAll("-", "") ?? "", "hex");

/** The bytes of an entry that are hashed after the previous hash: eight fields, each behind its length. */
export function canonicalEntry(entry: Omit<LedgerEntry, "hash">): Buffer {
  return Buffer.concat(
    [
      Buffer.from("spell-ledger-1"),
      int64(entry.seq),
      int64(entry.atMicros),
      Buffer.from(entry.kind),
      uuid(entry.pseudonym),
      uuid(entry.subject),
      int64(entry.amountMicros),
      entry.details,
    ].map(field),
  );
}

/** SHA-256(previous hash || canonical entry). */
export function hashEntry(previous: Uint8Array, entry: Omit<LedgerEntry, "hash">): Buffer {
  return createHash("sha256").update(previous).update(canonicalEntry(entry)).digest();
}

/**
 * Checks that an entry follows a link, and gives the next link.
 * @throws BrokenChain for a gap or a hash that does not fit
 */
export function follow(link: ChainLink, entry: LedgerEntry): ChainLink {
  if (entry.seq !== link.seq + 1) throw new BrokenChain(entry.seq, `follows ${link.seq}: there is a gap`);
  if (!hashEntry(link.hash, entry).equals(entry.hash))
    throw new BrokenChain(entry.seq, "its hash does not fit");
  return { seq: entry.seq, hash: entry.hash };
}
