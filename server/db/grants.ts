/** Who may do what. Everything not named here is refused, in the ledger above all. */
import type { Sql } from "postgres";

export interface Roles {
  readonly app: string;
  readonly worker: string;
}

/** The application's rights on our tables; the worker has the same by membership. */
const TABLE_RIGHTS: Readonly<Record<string, string>> = {
  accounts: "select, insert, update",
  api_key_secrets: "select, insert, update, delete",
  api_keys: "select, insert, update",
  budget_notices: "select, insert",
  budgets: "select, insert, update, delete",
  cast_answers: "select, insert, delete",
  casts: "select, insert",
  credits: "select, insert, update (invoice_id)",
  holds: "select, insert, update, delete",
  idempotency_keys: "select, insert, update, delete",
  invoice_lines: "select, insert",
  invoices: "select, insert, update",
  key_usage_months: "select, insert, update",
  last_prices: "select, insert, update",
  ledger_entries: "select",
  ledger_head: "select",
  payment_methods: "select, insert, update",
  people: "select, insert, update, delete",
  rate_counts: "select, insert, update, delete",
  sessions: "select, insert, update, delete",
  sign_ups: "select, insert, delete",
  spell_modules: "select, insert",
  spell_resources: "select, insert",
  spell_versions: "select, insert, update (is_active)",
  spells: "select, insert, update",
  stripe_customers: "select, insert, update (id)",
  stripe_events: "select, insert, update, delete",
  usage_days: "select, insert, update",
  usage_lines: "select, insert, update",
  usage_months: "select, insert, update",
};

/** Grants both roles their rights, taking back whatever else they had. `owner` is a connection as the owner. */
export async function grantRights(owner: Sql, { app, worker }: Roles): Promise<void> {
  await owner.begin(async (sql) => {
    await sql`revoke all on schema public from public`;
    await sql`revoke all on all functions in schema public from public`;
    await sql`grant usage on schema public to ${sql(app)}`;
    for (const [table, rights] of Object.entries(TABLE_RIGHTS)) {
      await sql`revoke all on ${sql(table)} from ${sql(app)}`;
      await sql.unsafe(`grant ${rights} on ${table} to "${app.replaceAll('"', '""')}"`);
    }
    await sql`grant execute on all functions in schema public to ${sql(app)}`;
    const [member] = await sql<[{ is: boolean }]>`select pg_has_role(${worker}, ${app}, 'member') as is`;
    if (!member.is) await sql`grant ${sql(app)} to ${sql(worker)}`;
  });
}
