/** Sums over an account's ended casts. */
import type { Database } from "../../db/connect.ts";
import type { UsageSums } from "../../db/standing.ts";
import { costFields } from "../casts/cast-view.ts";
import type { DayRow, KeyRow, SpellRow } from "./report-view.ts";

/** UTC days, both included. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

type Connection = Pick<Database, "sql">;

interface Sums {
  readonly calls: number;
  readonly cost: number;
  /** Text, or a number that was rounded: more than 2^53 is possible, and no error. */
  readonly fuel: string | number;
}

const figuresOf = ({ calls, cost, fuel }: Sums) => ({ calls, ...costFields(cost), fuel: Number(fuel) });

/** The lines of the span, added up by one of their columns. A cast's day is the UTC day of its admission. */
const sums = (
  { sql }: Connection,
  accountId: string,
  { from, to }: Span,
  column: "day" | "version_id" | "key_id",
) => sql`
  select p.${sql(column)},
         sum(p.calls)::bigint as calls,
         sum(p.settled_micros)::bigint as cost,
         sum(p.fuel) as fuel
    from usage_lines p
   where p.account_id = ${accountId}
     and p.day between ${from}::date and ${to}::date
   group by p.${sql(column)}`;

export async function usageByDay(db: Connection, accountId: string, span: Span): Promise<DayRow[]> {
  const rows = await db.sql<(Sums & { day: string })[]>`
    select u.day, u.calls, u.cost, u.fuel
      from (${sums(db, accountId, span, "day")}) u
     order by u.day`;
  return rows.map((row) => ({ day: row.day, ...figuresOf(row) }));
}

export async function usageBySpell(db: Connection, accountId: string, span: Span): Promise<SpellRow[]> {
  const rows = await db.sql<(Sums & { name: string; key: string })[]>`
    select s.name, s.key, sum(u.calls)::bigint as calls, sum(u.cost)::bigint as cost, sum(u.fuel) as fuel
      from (${sums(db, accountId, span, "version_id")}) u
      join spell_versions v on v.id = u.version_id
      join spells s on s.id = v.spell_id
     group by s.id, s.name, s.key
     order by sum(u.cost) desc, sum(u.calls) desc, s.name`;
  return rows.map((row) => ({ spell_name: row.name, spell_key: row.key, ...figuresOf(row) }));
}

/** A month's sums as the rows of days and of spells. */
export const splitMonth = (sums: readonly UsageSums[]): { days: DayRow[]; spells: SpellRow[] } => ({
  days: sums.flatMap((row) => (row.day === null ? [] : [{ day: row.day, ...figuresOf(row) }])),
  spells: sums.flatMap((row) =>
    row.name === null ? [] : [{ spell_name: row.name, spell_key: row.key, ...figuresOf(row) }],
  ),
});

export async function usageByKey(db: Connection, accountId: string, span: Span): Promise<KeyRow[]> {
  const rows = await db.sql<(Sums & { id: string | null; name: string | null; prefix: string | null })[]>`
    select k.id, k.name, s.prefix, u.calls, u.cost, u.fuel
      from (${sums(db, accountId, span, "key_id")}) u
      left join api_keys k on k.id = u.key_id
      left join api_key_secrets s on s.key_id = k.id and s.expires_at is null
     order by u.cost desc, u.calls desc, k.id nulls last`;
  return rows.map((row) => ({
    key_id: row.id,
    key_name: row.name,
    key_prefix: row.prefix,
    ...figuresOf(row),
  }));
}
