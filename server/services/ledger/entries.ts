import { z } from "zod";
import type { ServiceContext } from "../../context.ts";
import { requireScope } from "../identity/require-scope.ts";
import { pageInput, type Page } from "../paging.ts";

const seq = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export const listEntriesInput = pageInput.extend({
  after: seq.default(0).describe("Only entries with a higher `seq`."),
  cursor: seq.optional().describe("`next_cursor` of the page before; another name for `after`."),
});

/** An entry with all that its hash is made of. */
export const ledgerEntryView = z.object({
  seq: z.int(),
  at: z.iso.datetime().describe("To the millisecond; `at_micros` is exact."),
  at_micros: z.int().describe("Microseconds since 1970-01-01T00:00:00Z."),
  kind: z.string(),
  pseudonym: z.string().describe("What stands for your account."),
  subject: z.string().nullable().describe("UUID of the cast, key or the like that it is about."),
  amount_micros: z.int().describe("Positive is charged, negative credited."),
  details: z.record(z.string(), z.unknown()).describe("`details_text`, parsed."),
  details_text: z.string().describe("The very text whose UTF-8 bytes were hashed."),
  previous_hash: z.string().describe("Of the entry with the `seq` before, whoever's that is; hex."),
  hash: z.string().describe("SHA-256, hex; docs/ledger.md says of what."),
});

export type ListEntriesInput = z.output<typeof listEntriesInput>;
export type LedgerEntryView = z.output<typeof ledgerEntryView>;

interface Row {
  readonly seq: number;
  readonly atMicros: number;
  readonly kind: string;
  readonly pseudonym: string;
  readonly subject: string | null;
  readonly amountMicros: number;
  readonly details: Uint8Array;
  readonly previousHash: Uint8Array | null;
  readonly hash: Uint8Array;
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const GENESIS_HASH = "00".repeat(32);

function viewEntry(row: Row): LedgerEntryView {
  const text = Buffer.from(row.details).toString();
  return {
    seq: row.seq,
    at: new Date(Math.floor(row.atMicros / 1_000)).toISOString(),
    at_micros: row.atMicros,
    kind: row.kind,
    pseudonym: row.pseudonym,
    subject: row.subject,
    amount_micros: row.amountMicros,
    // Written by our own functions, which make JSON objects only.
    details: JSON.parse(text) as Record<string, unknown>,
    details_text: text,
    previous_hash: row.previousHash === null ? GENESIS_HASH : hex(row.previousHash),
    hash: hex(row.hash),
  };
}

/** The account's own entries in the order of the ledger, each with the hash before it, so that it can be checked alone. */
export async function listEntries(
  { db, actor }: ServiceContext,
  { after, cursor, limit }: ListEntriesInput,
): Promise<Page<LedgerEntryView>> {
  requireScope({ actor }, "read");
  const rows = await db.sql<Row[]>`
    select e.seq,
           (extract(epoch from e.at) * 1000000)::bigint as "atMicros",
           e.kind,
           e.pseudonym,
           e.subject,
           e.amount_micros as "amountMicros",
           e.details,
           p.hash as "previousHash",
           e.hash
      from ledger_entries e
      left join ledger_entries p on p.seq = e.seq - 1
     where e.pseudonym = (select a.pseudonym from accounts a where a.id = ${actor.accountId})
       and e.seq > ${cursor ?? after}
     order by e.seq
     limit ${limit + 1}`;
  const shown = rows.slice(0, limit);
  const last = shown[shown.length - 1];
  const hasMore = rows.length > limit && last !== undefined;
  return { data: shown.map(viewEntry), next_cursor: hasMore ? String(last.seq) : null };
}
