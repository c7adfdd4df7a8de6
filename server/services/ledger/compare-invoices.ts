/** Invoices against usage, credits, their own lines, each other and the ledger, some accounts at a time. */
import type { Connection, Disagreement } from "./disagreement.ts";

const PAGE = 500;
const NIL = "00000000-0000-0000-0000-000000000000";

async function* invoicedAccounts({ sql }: Connection): AsyncGenerator<readonly string[]> {
  for (let after = NIL; ;) {
    const page: { id: string }[] = await sql<{ id: string }[]>`
      select distinct i.account_id as id
        from invoices i
       where i.account_id > ${after}
       order by i.account_id
       limit ${PAGE}`;
    const last = page[page.length - 1];
    if (last === undefined) return;
    yield page.map(({ id }) => id);
    after = last.id;
  }
}

/** Counts what should be zero. One statement: invoices are closed whole, with all that belongs to them. */
async function compareAccounts({ sql }: Connection, accountIds: readonly string[]): Promise<Disagreement[]> {
  return sql<Disagreement[]>`
    with made as materialized (
      select i.*,
             lag(i.carried_out_micros, 1, 0::bigint) over (partition by i.account_id order by i.number) as before_micros,
             row_number() over (partition by i.account_id order by i.number) as place,
             row_number() over (partition by i.account_id, i.month order by i.number) as month_place
        from invoices i
       where i.account_id = any (${[...accountIds]}::uuid[])
    ),
    lines as (
      select l.invoice_id, sum(l.settled_micros) as settled, sum(l.allowance_micros) as allowance
        from invoice_lines l
       where l.invoice_id in (select m.id from made m)
       group by l.invoice_id
    ),
    taken as (
      select c.invoice_id, sum(c.amount_micros) as credit
        from credits c
       where c.invoice_id in (select m.id from made m)
       group by c.invoice_id
    ),
    months as (
      select m.account_id, m.month, sum(m.settled_micros) as settled, sum(m.allowance_micros) as allowance, bool_or(m.is_last) as is_over
        from made m
       group by m.account_id, m.month
    ),
    entries as (
      select e.subject, convert_from(e.details, 'UTF8')::jsonb as details
        from ledger_entries e
       where e.subject in (select m.id from made m)
         and e.kind = 'invoice.made'
    )
    select 'invoices that differ from their lines' as what, count(*) as found
      from made m
      left join lines l on l.invoice_id = m.id
     where m.settled_micros <> coalesce(l.settled, 0)
        or m.allowance_micros <> coalesce(l.allowance, 0)
    union all
    select 'invoices that differ from the credits taken off them', count(*)
      from made m
      left join taken t on t.invoice_id = m.id
     where m.credit_micros <> coalesce(t.credit, 0)
    union all
    select 'invoices that do not carry on the one before', count(*)
      from made m
     where m.carried_in_micros <> m.before_micros
        or m.number <> m.place
        or m.part <> m.month_place
    union all
    select 'months whose invoices differ from their usage', count(*)
      from months n
      left join usage_months u on u.account_id = n.account_id and u.month = n.month
     where case
             when n.is_over then
               n.settled <> coalesce(u.settled_micros, 0) or n.allowance <> coalesce(u.allowance_settled_micros, 0)
             else n.settled > coalesce(u.settled_micros, 0) or n.allowance > coalesce(u.allowance_settled_micros, 0)
           end
    union all
    select 'invoices whose ledger entry is missing or has other figures', count(*)
      from made m
     where (
             select coalesce(jsonb_agg(e.details), '[]')
               from entries e
              where e.subject = m.id
           ) <> jsonb_build_array(
             jsonb_build_object(
               'number', m.number,
               'month', to_char(m.month, 'YYYY-MM'),
               'part', m.part,
               'settled_micros', m.settled_micros,
               'allowance_micros', m.allowance_micros,
               'credit_micros', m.credit_micros,
               'carried_in_micros', m.carried_in_micros,
               'due_cents', m.due_cents,
               'carried_out_micros', m.carried_out_micros
             )
           )`;
}

/** Compares every invoice with what it is made of, to the micro. */
export async function compareInvoices(connection: Connection): Promise<Disagreement[]> {
  const found: Disagreement[] = [];
  for await (const accountIds of invoicedAccounts(connection))
    found.push(...(await compareAccounts(connection, accountIds)));
  return found;
}
