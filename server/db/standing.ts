import type { budgets } from "../../drizzle/schema/index.ts";
import type { AdmissionSettings, LimitSource } from "./casts.ts";
import type { Sql } from "./connect.ts";

export interface LimitInForce {
  readonly limitSource: LimitSource;
  readonly period: "daily" | "monthly";
  readonly hardMicros: number;
  readonly settledMicros: number;
  readonly heldMicros: number;
}

/** What an account's day or month counts so far. */
export interface PeriodFigures {
  readonly settledMicros: number;
  readonly heldMicros: number;
  readonly calls: number;
}

type LimitSettings = Pick<AdmissionSettings, "allowanceMicros" | "defaultMicros" | "maximumMicros">;
type BudgetRow = typeof budgets.$inferSelect;

interface StandingRow {
  readonly now: Date;
  readonly budget:
    null | (Omit<BudgetRow, "createdAt" | "updatedAt"> & { createdAt: string; updatedAt: string });
  readonly card: { readonly brand: string; readonly last4: string } | null;
  readonly day: PeriodFigures;
  readonly month: PeriodFigures;
  readonly limits: readonly LimitInForce[];
}

/** Where an account stands at one moment of the database's clock. */
export interface AccountStanding extends Omit<StandingRow, "budget"> {
  readonly budget: BudgetRow | null;
}

/** Usage of a day or month as JSON; zeros while nothing was cast in it. */
const figures = (sql: Sql, usage: "d" | "m") => sql`
  json_build_object(
    'settledMicros', coalesce(${sql(usage)}.settled_micros, 0),
    'heldMicros', coalesce(${sql(usage)}.held_micros, 0),
    'calls', coalesce(${sql(usage)}.calls, 0)
  )`;

/**
 * Budget, card, usage and the limits that bind an account now, without those of its keys: the very rows that admission
 * compares, in one statement.
 */
export async function readAccountStanding(
  sql: Sql,
  accountId: string,
  settings: LimitSettings,
  clockOffsetMs: number,
): Promise<AccountStanding> {
  const [row] = await sql<[StandingRow]>`
    select n.now,
           case when b.account_id is not null then
             json_build_object(
               'accountId', b.account_id,
               'period', b.period,
               'softLimitMicros', b.soft_limit_micros,
               'hardLimitMicros', b.hard_limit_micros,
               'notifyThresholds', b.notify_thresholds,
               'createdAt', b.created_at,
               'updatedAt', b.updated_at
             )
           end as budget,
           case when c.id is not null then json_build_object('brand', c.brand, 'last4', c.last4) end as card,
           ${figures(sql, "d")} as day,
           ${figures(sql, "m")} as month,
           (
             select json_agg(
                      json_build_object(
                        'limitSource', (f.figures).limit_source,
                        'period', (f.figures).period,
                        'hardMicros', (f.figures).hard_micros,
                        'settledMicros', (f.figures).settled_micros,
                        'heldMicros', (f.figures).held_micros
                      )
                      order by f.rank
                    )
               from (values (1, l.budget), (2, l.ceiling), (3, l.allowance)) f (rank, figures)
              where (f.figures).hard_micros is not null
                and (f.figures).limit_source <> 'closing'
           ) as limits
      from (
             select t.now, (t.now at time zone 'UTC')::date as day, date_trunc('month', t.now at time zone 'UTC')::date as month
               from (select clock_timestamp() + ${clockOffsetMs}::bigint * interval '1 millisecond' as now offset 0) t
           ) n
     cross join lateral limits_of_accounts(
             array[${accountId}::uuid],
             n.day,
             n.month,
             ${settings.allowanceMicros}::bigint,
             ${settings.defaultMicros}::bigint,
             ${settings.maximumMicros}::bigint
           ) l
      left join budgets b on b.account_id = l.account_id
      left join payment_methods c on c.account_id = l.account_id and c.removed_at is null
      left join usage_days d on d.account_id = l.account_id and d.day = n.day
      left join usage_months m on m.account_id = l.account_id and m.month = n.month`;
  const { budget } = row;
  return {
    ...row,
    budget: budget && {
      ...budget,
      createdAt: new Date(budget.createdAt),
      updatedAt: new Date(budget.updatedAt),
    },
  };
}
