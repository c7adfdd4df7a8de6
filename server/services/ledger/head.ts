import { ledgerHead } from "../../../drizzle/schema/index.ts";
import type { Platform } from "../../context.ts";

export interface LedgerHead {
  readonly seq: number;
  /** Hex of the newest entry's hash; zeros while the ledger is empty. */
  readonly hash: string;
}

/** The chain's last link: whoever keeps one can later prove that nothing before it was changed. */
export async function readLedgerHead({ db }: Pick<Platform, "db">): Promise<LedgerHead> {
  const [head] = await db.drizzle.select({ seq: ledgerHead.seq, hash: ledgerHead.hash }).from(ledgerHead);
  if (head === undefined) throw new Error("the ledger has no head: the database is not migrated");
  return { seq: head.seq, hash: Buffer.from(head.hash).toString("hex") };
}
