import { and, desc, eq, or, sql } from "drizzle-orm";
import { z } from "zod";
import { casts, spells, spellVersions } from "../../../drizzle/schema/index.ts";
import type { ServiceContext } from "../../context.ts";
import { requireScope } from "../identity/require-scope.ts";
import { cutPage, pageInput, readCursor, type Page } from "../paging.ts";
import { spellReference } from "../spells/get.ts";
import type { CastRecordView } from "./cast-view.ts";
import { recordColumns, viewRecord } from "./history.ts";

export const listCastsInput = pageInput.extend({
  spell: spellReference.optional().describe("Only casts of this spell, by name or key."),
  status: z.enum(["COMPLETED", "FAILED"]).optional(),
});

export type ListCastsInput = z.output<typeof listCastsInput>;

/** The instant to the microsecond, as text, and the id. */
const cursorParts = z.tuple([z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?\+00$/), z.uuid()]);

/** The account's casts that ended, newest first. */
export async function listCasts(ctx: ServiceContext, input: ListCastsInput): Promise<Page<CastRecordView>> {
  requireScope(ctx, "read");
  const after = input.cursor === undefined ? undefined : readCursor(input.cursor, cursorParts);
  const rows = await ctx.db.drizzle
    .select({ ...recordColumns, instant: sql<string>`${casts.admittedAt}::text` })
    .from(casts)
    .innerJoin(spellVersions, eq(spellVersions.id, casts.versionId))
    .innerJoin(spells, eq(spells.id, spellVersions.spellId))
    .where(
      and(
        eq(casts.accountId, ctx.actor.accountId),
        after === undefined
          ? undefined
          : sql`(${casts.admittedAt}, ${casts.id}) < (${after[0]}::timestamptz, ${after[1]}::uuid)`,
        input.spell === undefined ? undefined : or(eq(spells.name, input.spell), eq(spells.key, input.spell)),
        input.status === undefined
          ? undefined
          : eq(casts.state, input.status === "COMPLETED" ? "completed" : "failed"),
      ),
    )
    .orderBy(desc(casts.admittedAt), desc(casts.id))
    .limit(input.limit + 1);
  return cutPage(rows, input.limit, viewRecord, (row) => [row.instant, row.id]);
}
