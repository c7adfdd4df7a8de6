import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { BrokenChain, canonicalEntry, follow, GENESIS, hashEntry, type LedgerEntry } from "./ledger-chain.ts";

/** Two entries with their bytes written out by hand, and their hashes as another program (Python's hashlib) gave them. */
const FIRST: Omit<LedgerEntry, "hash"> = {
  seq: 1,
  atMicros: 1_700_000_000_123_456,
  kind: "cast.settled",
  pseudonym: "00112233-4455-6677-8899-aabbccddeeff",
  subject: null,
  amountMicros: 10_000,
  details: Buffer.from('{"a":"é"}'),
};
const FIRST_BYTES = [
  "0000000e 7370656c6c2d6c65646765722d31", // spell-ledger-1
  "00000008 0000000000000001",
  "00000008 00060a2418202240",
  "0000000c 636173742e736574746c6564", // cast.settled
  "00000010 00112233445566778899aabbccddeeff",
  "00000000",
  "00000008 0000000000002710",
  "0000000a 7b2261223a22c3a9227d", // {"a":"é"}
];
const FIRST_HASH = "a7999dd8af59bd69583c303da0737655d6725ab9d59335458ff19e820bfad3ca";

const SECOND: Omit<LedgerEntry, "hash"> = {
  seq: 2,
  atMicros: -1,
  kind: "refund",
  pseudonym: null,
  subject: "FFEEDDCC-BBAA-9988-7766-554433221100",
  amountMicros: -250_000_000_000,
  details: new Uint8Array(),
};
const SECOND_BYTES = [
  "0000000e 7370656c6c2d6c65646765722d31",
  "00000008 0000000000000002",
  "00000008 ffffffffffffffff",
  "00000006 726566756e64", // refund
  "00000000",
  "00000010 ffeeddccbbaa99887766554433221100",
  "00000008 ffffffc5cad6bc00",
  "00000000",
];
const SECOND_HASH = "80959c56fe6bab98e1ce1527f50e9616599554cbe6317cfb0b06f99fd30a4009";

const fromHex = (parts: readonly string[]) => Buffer.from(parts.join("").replaceAll(" ", ""), "hex");
const first: LedgerEntry = { ...FIRST, hash: Buffer.from(FIRST_HASH, "hex") };
const second: LedgerEntry = { ...SECOND, hash: Buffer.from(SECOND_HASH, "hex") };

test("an entry's bytes are eight fields, each behind its length", () => {
  expect(canonicalEntry(FIRST)).toEqual(fromHex(FIRST_BYTES));
  expect(canonicalEntry(SECOND)).toEqual(fromHex(SECOND_BYTES));
});

test("an entry's hash covers the hash before it and its own bytes", () => {
  const byHand = createHash("sha256").update(Buffer.alloc(32)).update(fromHex(FIRST_BYTES)).digest("hex");
  expect(byHand).toBe(FIRST_HASH);
  expect(hashEntry(new Uint8Array(32), FIRST).toString("hex")).toBe(FIRST_HASH);
  expect(hashEntry(first.hash, SECOND).toString("hex")).toBe(SECOND_HASH);
});

test("the chain begins at number 0 with 32 zero bytes and is followed entry by entry", () => {
  expect(GENESIS).toEqual({ seq: 0, hash: new Uint8Array(32) });
  const link = follow(GENESIS, first);
  expect(link).toEqual({ seq: 1, hash: first.hash });
  expect(follow(link, second)).toEqual({ seq: 2, hash: second.hash });
});

test.each([
  ["is missing", GENESIS, second, "ledger entry 2: follows 0: there is a gap"],
  ["comes twice", { seq: 1, hash: first.hash }, first, "ledger entry 1: follows 1: there is a gap"],
  ["goes back", { seq: 5, hash: first.hash }, second, "ledger entry 2: follows 5: there is a gap"],
])("a chain in which an entry %s is broken there", (_what, link, entry, message) => {
  expect(() => follow(link, entry)).toThrow(BrokenChain);
  expect(() => follow(link, entry)).toThrow(message);
});

test.each<[string, Partial<LedgerEntry>]>([
  ["time", { atMicros: FIRST.atMicros + 1 }],
  ["kind", { kind: "cast.settlee" }],
  ["account", { pseudonym: "00112233-4455-6677-8899-aabbccddeefe" }],
  ["account, left out", { pseudonym: null }],
  ["subject, put in", { subject: "00000000-0000-0000-0000-000000000000" }],
  ["account and subject, exchanged", { pseudonym: null, subject: FIRST.pseudonym }],
  ["amount", { amountMicros: 9_999 }],
  ["amount's sign", { amountMicros: -10_000 }],
  ["details", { details: Buffer.from('{"a":"e"}') }],
  ["details, moved into the kind", { kind: "cast.settled{", details: Buffer.from('"a":"é"}') }],
  ["hash", { hash: Buffer.from(SECOND_HASH, "hex") }],
  ["hash, cut short", { hash: first.hash.subarray(0, 31) }],
  ["hash, left out", { hash: new Uint8Array() }],
])("an entry whose %s was changed afterwards does not fit", (_what, change) => {
  expect(() => follow(GENESIS, { ...first, ...change })).toThrow("ledger entry 1: its hash does not fit");
});

test("an entry after another history does not fit, and the error names it", () => {
  const link = { seq: 1, hash: Buffer.alloc(32, 1) };
  expect(() => follow(link, second)).toThrow(expect.objectContaining({ name: "BrokenChain", seq: 2 }));
});

test("numbers and amounts as large as JavaScript counts exactly are written whole", () => {
  const large = { ...SECOND, seq: Number.MAX_SAFE_INTEGER, amountMicros: Number.MIN_SAFE_INTEGER };
  const bytes = canonicalEntry(large).toString("hex");
  expect(bytes).toContain("00000008001fffffffffffff");
  expect(bytes).toContain("00000008ffe0000000000001");
});

test("the length of a kind counts its bytes", () => {
  expect(canonicalEntry({ ...SECOND, kind: "é" }).toString("hex")).toContain("00000002c3a9");
});

test("the documentation's example is true", async () => {
  const page = await readFile(new URL("../../docs/ledger.md", import.meta.url), "utf8");
  const lines = /`canonical\(2\)` in hex[^`]+```\n([^`]+)```/.exec(page)?.[1] ?? "";
  const [first, second] = [...(/^\| `hash` \| `[^\n]+/m.exec(page)?.[0] ?? "").matchAll(/[0-9a-f]{64}/g)].map(
    ([hash]) => hash,
  );
  const pseudonym = "00112233-4455-6677-8899-aabbccddeeff";
  const one = {
    seq: 1,
    atMicros: 1_700_000_000_123_456,
    kind: "key.created",
    pseudonym,
    subject: null,
    amountMicros: 0,
    details: Buffer.from('{"prefix":"Az0Az0Az09"}'),
  };
  const two = {
    seq: 2,
    atMicros: 1_700_000_001_000_000,
    kind: "cast.settled",
    pseudonym,
    subject: "01890a5d-ac96-774b-bcce-b302099a8057",
    amountMicros: -10_000,
    details: Buffer.from('{"name":"é"}'),
  };
  expect(hashEntry(GENESIS.hash, one).toString("hex")).toBe(first);
  expect(hashEntry(Buffer.from(first ?? "", "hex"), two).toString("hex")).toBe(second);
  expect(canonicalEntry(two).toString("hex")).toBe(lines.replaceAll(/\s/g, ""));
});
