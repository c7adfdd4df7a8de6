import { BrokenChain, follow, GENESIS, type ChainLink, type LedgerEntry } from "../../proof/ledger-chain.ts";
import { compareCasts, compareCredits, compareEntries } from "./compare-casts.ts";
import { compareInvoices } from "./compare-invoices.ts";
import { compareUsage } from "./compare-usage.ts";
import { addUp, type Connection, type Disagreement } from "./disagreement.ts";

const PAGE = 5_000;

export interface LedgerReport {
  /** Entries whose number and hash were recomputed. */
  readonly entries: number;
  readonly headHash: string;
  readonly disagreements: readonly Disagreement[];
}

async function* entriesUpTo({ sql }: Connection, last: number): AsyncGenerator<LedgerEntry> {
  for (let after = 0; after < last;) {
    const page = await sql<LedgerEntry[]>`
      select e.seq,
             (extract(epoch from e.at) * 1000000)::bigint as "atMicros",
             e.kind,
             e.pseudonym,
             e.subject,
             e.amount_micros as "amountMicros",
             e.details,
             e.hash
        from ledger_entries e
       where e.seq > ${after}
         and e.seq <= ${last}
       order by e.seq
       limit ${PAGE}`;
    if (page.length === 0) throw new BrokenChain(after + 1, "is missing");
    yield* page;
    after = page[page.length - 1]?.seq ?? last;
  }
}

/**
 * Recomputes the chain from its first entry to the head of this moment, and compares casts, usage and ledger to the
 * micro, in many short statements: one long snapshot would slow the rows that every cast moves.
 * @throws BrokenChain at the first entry that does not follow
 */
export async function verifyLedger(connection: Connection): Promise<LedgerReport> {
  const [head] = await connection.sql<
    [{ seq: number; hash: Uint8Array }]
  >`select h.seq, h.hash from ledger_head h`;
  let link: ChainLink = GENESIS;
  for await (const entry of entriesUpTo(connection, head.seq)) link = follow(link, entry);
  if (!Buffer.from(link.hash).equals(head.hash)) throw new BrokenChain(head.seq, "is not what the head says");
  return {
    entries: link.seq,
    headHash: Buffer.from(head.hash).toString("hex"),
    disagreements: addUp([
      ...(await compareCasts(connection)),
      ...(await compareEntries(connection, link.seq)),
      ...(await compareCredits(connection)),
      ...(await compareUsage(connection)),
      ...(await compareInvoices(connection)),
    ]),
  };
}
