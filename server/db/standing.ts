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

/** What ended casts of a month used, on one of its days or by one spell. */
export type UsageSums = {
  readonly calls: number;
  readonly cost: number;
  /** Beyond 2^53 rounded. */
  readonly fuel: number;
} & (
  | { readonly day: string; readonly name: null; readonly key: null }
  | { readonly day: null; readonly name: string; readonly key: string }
);

/**
 * The UTC month `n.month` as one column: its days in order, then its spells, the dearest first. The lines are added up
 * before names are looked for: there are many lines and few spells.
 */
const monthOfUsage = (sql: Sql, accountId: string) => sql`
  (
    select coalesce(json_agg(r order by r.day, r.cost desc, r.calls desc, r.name), '[]')
      from (
             select u.day,
                    s.name,
                    s.key,
                    sum(u.calls)::bigint as calls,
                    sum(u.cost)::bigint as cost,
                    sum(u.fuel) as fuel
               from (
                      select p.day, p.version_id, sum(p.calls) as calls, sum(p.settled_micros) as cost, sum(p.fuel) as fuel
                        from usage_lines p
                       where p.account_id = ${accountId}::uuid
                         and p.day between n.month and (n.month + interval '1 month' - interval '1 day')::date
                       group by grouping sets ((p.day), (p.version_id))
                    ) u
               left join spell_versions v on v.id = u.version_id
               left join spells s on s.id = v.spell_id
              group by u.day, s.id
           ) r
  ) as usage`;

interface StandingOptions {
  readonly accountId: string;
  readonly settings: LimitSettings;
  readonly clockOffsetMs: number;
}

/**
 * Budget, card, usage and the limits that bind an account now, without those of its keys: the very rows that admission
 * compares. `further` are columns of the same moment, which may name `n.now`, `n.day` and `n.month`.
 */
const selectStanding = (
  sql: Sql,
  { accountId, settings, clockOffsetMs }: StandingOptions,
  further = sql``,
) => sql`
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
           ${further}
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

/** JSON has no instants: those in a budget arrive as text. */
const withInstants = (budget: StandingRow["budget"]): BudgetRow | null =>
  budget && {
    ...budget,
    createdAt: new Date(budget.createdAt),
    updatedAt: new Date(budget.updatedAt),
  };

/** Where an account stands, in one statement. */
export async function readAccountStanding(sql: Sql, options: StandingOptions): Promise<AccountStanding> {
  const rows = await selectStanding(sql, options);
  const [row] = rows as unknown as [StandingRow];
  return { ...row, budget: withInstants(row.budget) };
}

/** The same with the present UTC month by day and by spell, still in one statement. */
export async function readAccountMonth(
  sql: Sql,
  options: StandingOptions,
): Promise<{ standing: AccountStanding; usage: readonly UsageSums[] }> {
  const rows = await selectStanding(sql, options, sql`, ${monthOfUsage(sql, options.accountId)}`);
  const [{ usage, ...row }] = rows as unknown as [StandingRow & { usage: readonly UsageSums[] }];
  return { standing: { ...row, budget: withInstants(row.budget) }, usage };
}
