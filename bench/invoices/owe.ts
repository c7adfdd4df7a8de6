/** Accounts that used something last month, with a customer and a card at the Stripe emulator. */
import { randomUUIDv7 } from "node:crypto";
import Stripe from "stripe";
import type { StackFile } from "../../dev/stack/stack-file.ts";
import { connect } from "../../server/db/connect.ts";

/** Calls under way at once: the emulator takes no more from one place. */
const AT_ONCE = 16;
const PAGE = 1_000;

/** Stripe's package with the stack's own keys. */
export function stripeOf({ stripe_url: url, stripe_secret_key: key }: StackFile): Stripe {
  if (url === undefined || key === undefined) throw new Error("the stack runs without its Stripe emulator");
  const { hostname, port } = new URL(url);
  return new Stripe(key, { host: hostname, port, protocol: "http", telemetry: false });
}

async function makeCustomers(stripe: Stripe, accountIds: readonly string[]): Promise<string[]> {
  const customers: string[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < accountIds.length; index = next++) {
      const { id } = await stripe.customers.create({ metadata: { account: accountIds[index] ?? "" } });
      const method = await stripe.paymentMethods.attach("pm_card_visa", { customer: id });
      await stripe.customers.update(id, { invoice_settings: { default_payment_method: method.id } });
      customers[index] = id;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return customers;
}

/** Writes what settlement would have: last month's rows of each account, over three versions. */
export async function makeDebtors(file: StackFile, count: number): Promise<void> {
  const stripe = stripeOf(file);
  const owner = connect({ url: file.database_owner_url, poolSize: 1, applicationName: "bench" });
  try {
    for (let made = 0; made < count; made += PAGE) {
      const ids = Array.from({ length: Math.min(PAGE, count - made) }, () => randomUUIDv7());
      const customers = await makeCustomers(stripe, ids);
      await owner.sql.begin(async (sql) => {
        await sql`
          insert into accounts (id, kind, display_name)
          select a.id, 'person', 'Bench' from unnest(${ids}::uuid[]) a (id)`;
        await sql`
          insert into stripe_customers (account_id, is_live, id)
          select a.id, false, a.customer from unnest(${ids}::uuid[], ${customers}::text[]) a (id, customer)`;
        await sql`
          insert into usage_lines (account_id, day, version_id, key_id, settled_micros, allowance_micros, calls, fuel)
          select a.id, (date_trunc('month', now() at time zone 'UTC') - interval '1 day')::date, v.id, null,
                 1234567, 0, 100, 1000000
            from unnest(${ids}::uuid[]) a (id)
           cross join (select v.id from spell_versions v order by v.id limit 3) v`;
        await sql`
          insert into usage_months (account_id, month, settled_micros, calls)
          select u.account_id, date_trunc('month', u.day::timestamp)::date, sum(u.settled_micros), sum(u.calls)
            from usage_lines u
           where u.account_id = any (${ids}::uuid[])
           group by u.account_id, date_trunc('month', u.day::timestamp)`;
      });
    }
    await owner.sql`analyze`;
  } finally {
    await owner.close();
  }
}
