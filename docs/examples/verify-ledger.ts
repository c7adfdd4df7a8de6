/**
 * Checks ledger entries by docs/ledger.md alone; it needs nothing but Node.js:
 *   curl -H "Authorization: Bearer $KEY" $URL/v1/ledger/entries | node docs/examples/verify-ledger.ts
 */
import { createHash } from "node:crypto";
import { text } from "node:stream/consumers";

interface Entry {
  readonly seq: number;
  readonly at_micros: number;
  readonly kind: string;
  readonly pseudonym: string | null;
  readonly subject: string | null;
  readonly amount_micros: number;
  readonly details_text: string;
  readonly previous_hash: string;
  readonly hash: string;
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

const uuid = (id: string | null): Buffer => Buffer.from((id ?? "").replaceAll("-", ""), "hex");

function hashOf(entry: Entry): string {
  const fields = [
    Buffer.from("spell-ledger-1"),
    int64(entry.seq),
    int64(entry.at_micros),
    Buffer.from(entry.kind),
    uuid(entry.pseudonym),
    uuid(entry.subject),
    int64(entry.amount_micros),
    Buffer.from(entry.details_text),
  ];
  const sha256 = createHash("sha256").update(Buffer.from(entry.previous_hash, "hex"));
  for (const bytes of fields) sha256.update(field(bytes));
  return sha256.digest("hex");
}

// What GET /v1/ledger/entries answers.
const { data } = JSON.parse(await text(process.stdin)) as { data: Entry[] };
for (const [at, entry] of data.entries()) {
  const before = data[at - 1];
  const follows = before?.seq !== entry.seq - 1 || before.hash === entry.previous_hash;
  if (hashOf(entry) === entry.hash && follows) continue;
  console.error(`entry ${entry.seq} does not hold`);
  process.exit(1);
}
console.log(`${data.length} entries hold`);
