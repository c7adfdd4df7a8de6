/** The wrappers of `close_invoice` and `close_invoices`, and which months wait for them. */
import type { Sql } from "./connect.ts";

/** What came of closing a part: `held` is to be tried again, when what runs has settled. */
export type Closing =
  | { readonly outcome: "closed" | "closed_before"; readonly invoiceId: string }
  | { readonly outcome: "held" | "nothing" | "too_early"; readonly invoiceId: null };

export interface ClosingRequest {
  readonly accountId: string;
  /** The first day of a UTC month, `YYYY-MM-DD`. */
  readonly month: string;
  /** The month is over; else a part is closed early. */
  readonly isLast: boolean;
  /** Moves the database's clock (tests only; else 0). */
  readonly clockOffsetMs: number;
}

/** Closes a part of a month under the account's lock, and enqueues its collection in the same transaction. */
export async function closeInvoice(sql: Sql, request: ClosingRequest): Promise<Closing> {
  const { accountId, month, isLast, clockOffsetMs } = request;
  const [row] = await sql<[Closing]>`
    select c.outcome,
           c.invoice_id as "invoiceId"
      from close_invoice(
             ${accountId}::uuid,
             ${month}::date,
             ${isLast},
             ${clockOffsetMs}::bigint * interval '1 millisecond'
           ) c`;
  return row;
}

export interface OpenMonth {
  readonly accountId: string;
  readonly month: string;
}

/** A month that is over, and how long its collection is put off. */
export interface MonthClosing extends OpenMonth {
  readonly collectInMs: number;
}

/**
 * Gives months that are over their last part, all in one transaction; says what came of each, in their order. Where one
 * month of an account waits, its later ones in the list do too.
 */
export async function closeInvoices(
  sql: Sql,
  months: readonly MonthClosing[],
  clockOffsetMs: number,
): Promise<Closing[]> {
  return sql<Closing[]>`
    select c.outcome,
           c.invoice_id as "invoiceId"
      from close_invoices(
             ${months.map(({ accountId }) => accountId)}::uuid[],
             ${months.map(({ month }) => month)}::date[],
             true,
             array(
               select d.ms * interval '1 millisecond'
                 from unnest(${months.map(({ collectInMs }) => Math.round(collectInMs))}::bigint[])
                      with ordinality d (ms, nth)
                order by d.nth
             ),
             ${clockOffsetMs}::bigint * interval '1 millisecond'
           ) c`;
}

/** The UTC month of the database's clock, by its first day. */
export async function presentMonth(sql: Sql, clockOffsetMs: number): Promise<string> {
  const [row] = await sql<[{ month: string }]>`
    select date_trunc('month', (clock_timestamp() + ${clockOffsetMs}::bigint * interval '1 millisecond') at time zone 'UTC')::date as month`;
  return row.month;
}

const NIL = "00000000-0000-0000-0000-000000000000";
const FIRST: OpenMonth = { accountId: NIL, month: "0001-01-01" };

/**
 * Months that are over, cost something and have no last part yet, and the month just over of accounts whose credits wait
 * for an invoice. By account and month; `after` is the last of the page before.
 */
export async function listOpenMonths(
  sql: Sql,
  clockOffsetMs: number,
  limit: number,
  after: OpenMonth = FIRST,
): Promise<OpenMonth[]> {
  return sql<OpenMonth[]>`
    with present as materialized (
      select date_trunc('month', (clock_timestamp() + ${clockOffsetMs}::bigint * interval '1 millisecond') at time zone 'UTC')::date as month
    )
    select m.account_id as "accountId",
           m.month
      from (
             select u.account_id, u.month
               from usage_months u
              where u.settled_micros > 0
             union
             select c.account_id, (p.month - interval '1 month')::date
               from credits c, present p
              where c.invoice_id is null
                and c.created_at < p.month::timestamp at time zone 'UTC'
           ) m
      join accounts a on a.id = m.account_id
     where a.kind = 'person'
       and m.month < (select p.month from present p)
       and (m.account_id, m.month) > (${after.accountId}::uuid, ${after.month}::date)
       and not exists (
         select 1
           from invoices i
          where i.account_id = m.account_id
            and i.month = m.month
            and i.is_last
       )
     order by m.account_id, m.month
     limit ${limit}`;
}
