/** No spending that cannot be collected: a database holds the cards of one of Stripe's modes, and our key is of that one. */
import { UnsafeDatabase } from "./check-server.ts";
import type { Sql } from "./connect.ts";

/**
 * Refuses a database whose cards the process could not charge. `mode` is that of its secret key; null without one.
 * @throws UnsafeDatabase
 */
export async function checkStripeMode(sql: Sql, mode: "live" | "test" | null): Promise<void> {
  const [found] = await sql<[{ hasLive: boolean; hasOther: boolean }]>`
    select exists (select 1 from stripe_customers s where s.is_live) as "hasLive",
           exists (select 1 from stripe_customers s where not s.is_live)
             or exists (
               select 1
                 from payment_methods m
                where m.removed_at is null
                  and not exists (
                    select 1 from stripe_customers s where s.account_id = m.account_id and s.is_live
                  )
             ) as "hasOther"`;
  if (found.hasLive && mode !== "live")
    throw new UnsafeDatabase(
      "the database has customers of live Stripe, of whom nothing could be collected: set the live STRIPE_SECRET_KEY",
    );
  if (found.hasOther && mode === "live")
    throw new UnsafeDatabase(
      "the database has customers or cards that live Stripe does not know: live keys need a database of their own",
    );
}
