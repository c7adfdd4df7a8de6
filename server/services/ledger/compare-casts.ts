/** Every cast against its ledger entries, and every entry of a cast against the history, in pages. */
import type { Connection, Disagreement } from "./disagreement.ts";

const PAGE = 5_000;

interface CastPage {
  readonly lastId: string | null;
  readonly wrongEntry: number;
  readonly wrongCredit: number;
  readonly wrongPeriod: number;
  readonly noUsage: number;
}

/** A cast, its entries and its usage are written in one transaction: one statement sees all of them or none. */
async function compareCastPage({ sql }: Connection, afterId: string): Promise<CastPage> {
  const [page] = await sql<[CastPage]>`
    with page as (
      select c.id, c.account_id, c.key_id, c.day, c.month, c.funding, c.cost_micros, c.admitted_at
        from casts c
       where c.id > ${afterId}
       order by c.id
       limit ${PAGE}
    ),
    booked as (
      select c.id,
             coalesce(array_agg(e.amount_micros) filter (where e.kind = 'cast.settled'), '{}') as charged,
             coalesce(array_agg(e.amount_micros) filter (where e.kind = 'credit.allowance'), '{}') as credited
        from page c
        left join ledger_entries e on e.subject = c.id
       group by c.id
    )
    select (array_agg(c.id order by c.id desc))[1] as "lastId",
           count(*) filter (where b.charged <> array[c.cost_micros]) as "wrongEntry",
           count(*) filter (
             where b.credited <> case
                     when c.funding = 'allowance' and c.cost_micros > 0 then array[-c.cost_micros]
                     else array[]::bigint[]
                   end
           ) as "wrongCredit",
           count(*) filter (
             where c.day <> (c.admitted_at at time zone 'UTC')::date
                or c.month <> date_trunc('month', c.day::timestamp)::date
           ) as "wrongPeriod",
           count(*) filter (
             where not exists (select 1 from usage_days u where u.account_id = c.account_id and u.day = c.day)
                or not exists (select 1 from usage_months u where u.account_id = c.account_id and u.month = c.month)
                or (
                  c.key_id is not null
                  and not exists (select 1 from key_usage_months u where u.key_id = c.key_id and u.month = c.month)
                )
           ) as "noUsage"
      from page c
      join booked b on b.id = c.id`;
  return page;
}

/** Counts the casts whose entries, periods or usage rows are missing or others. */
export async function compareCasts(connection: Connection): Promise<Disagreement[]> {
  const found: Disagreement[] = [];
  for (let lastId: string | null = "00000000-0000-0000-0000-000000000000"; lastId !== null;) {
    const page = await compareCastPage(connection, lastId);
    found.push(
      { what: "casts whose ledger entry is missing or has another amount", found: page.wrongEntry },
      { what: "casts whose allowance credit is missing or has another amount", found: page.wrongCredit },
      {
        what: "casts that are counted in another day or month than they were admitted in",
        found: page.wrongPeriod,
      },
      { what: "casts without a usage row", found: page.noUsage },
    );
    lastId = page.lastId;
  }
  return found;
}

/** Counts entries up to this one whose cast or credit the tables do not have. */
export async function compareEntries({ sql }: Connection, last: number): Promise<Disagreement[]> {
  const found: Disagreement[] = [];
  for (let after = 0; after < last; after += PAGE) {
    const [page] = await sql<[{ casts: number; credits: number }]>`
      select count(*) filter (
               where e.kind in ('cast.settled', 'credit.allowance')
                 and not exists (select 1 from casts c where c.id = e.subject)
             ) as casts,
             count(*) filter (
               where e.kind = 'credit.granted'
                 and not exists (
                   select 1
                     from credits g
                    where g.reference = convert_from(e.details, 'UTF8')::json ->> 'reference'
                      and g.amount_micros = -e.amount_micros
                 )
             ) as credits
        from ledger_entries e
       where e.seq > ${after}
         and e.seq <= ${Math.min(after + PAGE, last)}`;
    found.push(
      { what: "ledger entries of casts that are not in the history", found: page.casts },
      { what: "ledger entries of credits that are not in the books", found: page.credits },
    );
  }
  return found;
}

/** Counts the credits that the ledger does not have once, of the same account and amount. */
export async function compareCredits({ sql }: Connection): Promise<Disagreement[]> {
  return sql<Disagreement[]>`
    select 'credits whose ledger entry is missing or has another amount' as what, count(*) as found
      from credits g
      join accounts a on a.id = g.account_id
     where 1 <> (
             select count(*)
               from ledger_entries e
              where e.pseudonym = a.pseudonym
                and e.kind = 'credit.granted'
                and e.amount_micros = -g.amount_micros
                and e.subject is not distinct from g.cast_id
                and convert_from(e.details, 'UTF8')::json ->> 'reference' = g.reference
           )`;
}
