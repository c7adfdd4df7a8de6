import { z } from "zod";
import type { ServiceContext } from "../../context.ts";
import { utcDay } from "../date-range.ts";
import { requireScope } from "../identity/require-scope.ts";
import { keyPrefix } from "../keys/key-input.ts";
import { cutPage, pageInput, readCursor, type Page } from "../paging.ts";
import { spellReference } from "../spells/get.ts";
import type { CastRecordView } from "./cast-view.ts";
import { viewRecord, type CastRecordRow } from "./history.ts";

export const listCastsInput = pageInput.extend({
  spell: spellReference.optional().describe("Only casts of this spell, by name or key."),
  status: z.enum(["COMPLETED", "FAILED"]).optional(),
  key: keyPrefix.optional().describe("Only casts made with the key of this prefix."),
  from: utcDay.optional().describe("Only casts admitted on this UTC day or later."),
  to: utcDay.optional().describe("Only casts admitted on this UTC day or before."),
});

export type ListCastsInput = z.output<typeof listCastsInput>;

/** The instant to the microsecond, as text: the driver would cut one it takes for a timestamp to milliseconds. And the id. */
const cursorParts = z.tuple([z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?\+00$/), z.uuid()]);

interface Row extends CastRecordRow {
  readonly instant: string;
}

/** The versions of the spell that is asked for; null: no spell is. */
async function versionsOf({ db }: ServiceContext, spell: string | undefined): Promise<string[] | null> {
  if (spell === undefined) return null;
  const rows = await db.sql<{ id: string }[]>`
    select v.id
      from spell_versions v
      join spells s on s.id = v.spell_id
     where s.name = ${spell}
        or s.key = ${spell}`;
  return rows.map(({ id }) => id);
}

/** The account's key of this prefix, a revoked one too; undefined: none has it. Null: no key is asked for. */
async function keyOf({ db, actor }: ServiceContext, prefix: string | undefined) {
  if (prefix === undefined) return null;
  const [row] = await db.sql<{ id: string }[]>`
    select k.id
      from api_key_secrets s
      join api_keys k on k.id = s.key_id
     where s.prefix = ${prefix}
       and k.account_id = ${actor.accountId}`;
  return row?.id;
}

/**
 * Newest first, one row beyond the page. For each version alone an index has the rows in the order asked for; over all
 * of them at once it has not, so each gives a page, and the newest of those are taken.
 */
async function readPage(
  { db: { sql }, actor }: ServiceContext,
  input: ListCastsInput,
  versionIds: readonly string[] | null,
  keyId: string | null,
): Promise<Row[]> {
  const after = input.cursor === undefined ? null : readCursor(input.cursor, cursorParts);
  const conditions = sql`
    c.account_id = ${actor.accountId}
    ${after === null ? sql`` : sql`and (c.admitted_at, c.id) < (${after[0]}::text::timestamptz, ${after[1]}::uuid)`}
    ${keyId === null ? sql`` : sql`and c.key_id = ${keyId}`}
    ${input.from === undefined ? sql`` : sql`and c.admitted_at >= ${input.from}::date::timestamp at time zone 'UTC'`}
    ${input.to === undefined ? sql`` : sql`and c.admitted_at < (${input.to}::date + 1)::timestamp at time zone 'UTC'`}
    ${input.status === undefined ? sql`` : input.status === "FAILED" ? sql`and c.state = 'failed'` : sql`and c.state = 'completed'`}`;
  const newest = sql`order by c.admitted_at desc, c.id desc limit ${input.limit + 1}`;
  const found =
    versionIds === null
      ? sql`select c.* from casts c where ${conditions} ${newest}`
      : sql`
        select c.*
          from unnest(${versionIds}::uuid[]) wanted (id)
         cross join lateral (
                 select c.* from casts c where ${conditions} and c.version_id = wanted.id ${newest}
               ) c
         ${newest}`;
  return sql<Row[]>`
    select c.id,
           c.state,
           s.name as "spellName",
           v.version,
           c.error_code as "errorCode",
           c.cost_micros as "costMicros",
           c.fuel_used as "fuelUsed",
           c.duration_ms as "durationMs",
           c.admitted_at as "admittedAt",
           c.admitted_at::text as instant
      from (${found}) c
      join spell_versions v on v.id = c.version_id
      join spells s on s.id = v.spell_id
     order by c.admitted_at desc, c.id desc`;
}

/**
 * The account's casts that ended, newest first by their admission. Pages go on where the one before ended, whatever was
 * cast in between.
 */
export async function listCasts(ctx: ServiceContext, input: ListCastsInput): Promise<Page<CastRecordView>> {
  requireScope(ctx, "read");
  const [versionIds, keyId] = await Promise.all([versionsOf(ctx, input.spell), keyOf(ctx, input.key)]);
  const rows = keyId === undefined ? [] : await readPage(ctx, input, versionIds, keyId);
  return cutPage(rows, input.limit, viewRecord, (row) => [row.instant, row.id]);
}
