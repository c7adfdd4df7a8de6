import { sql } from "drizzle-orm";
import type { Transaction } from "../../db/connect.ts";

/** What happened, in the ledger's words. `docs/ledger.md` lists the kinds and their details. */
export interface LedgerEvent {
  readonly kind:
    | "account.opened"
    | "budget.changed"
    | "card.added"
    | "card.removed"
    | "credit.granted"
    | "invoice.failed"
    | "invoice.paid"
    | "invoice.voided"
    | "key.changed"
    | "key.created"
    | "key.revoked"
    | "key.rotated"
    | "spell.published";
  /** Whose event; null for the platform's own. */
  readonly accountId: string | null;
  readonly subject: string | null;
  /** Positive is charged, negative credited; 0 when not given. */
  readonly amountMicros?: number;
  readonly details: Readonly<
    Record<string, string | number | boolean | null | readonly string[] | readonly number[]>
  >;
}

/**
 * Records an event in the transaction of what it records. Call it last before the commit: from here on every other
 * append waits for this transaction.
 */
export async function appendLedger(tx: Transaction, event: LedgerEvent): Promise<void> {
  const details = Buffer.from(JSON.stringify(event.details));
  await tx.execute(sql`
    select ledger_append(
             clock_timestamp(),
             array[${event.kind}::text],
             array[(select a.pseudonym from accounts a where a.id = ${event.accountId}::uuid)],
             array[${event.subject}::uuid],
             array[${event.amountMicros ?? 0}::bigint],
             array[${details}::bytea]
           )`);
}
