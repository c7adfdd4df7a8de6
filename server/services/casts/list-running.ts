import { desc, eq } from "drizzle-orm";
import { holds, spells, spellVersions } from "../../../drizzle/schema/index.ts";
import type { ServiceContext } from "../../context.ts";
import { requireScope } from "../identity/require-scope.ts";
import type { CastRecordView } from "./cast-view.ts";
import { runningColumns, viewRunning } from "./history.ts";

/** More than a person looks at; an account may queue thousands. */
const LISTED = 50;

/** The account's casts that run or wait to, the newest 50 first. Those that ended are in `listCasts`. */
export async function listRunningCasts(ctx: ServiceContext): Promise<CastRecordView[]> {
  requireScope(ctx, "read");
  const rows = await ctx.db.drizzle
    .select(runningColumns)
    .from(holds)
    .innerJoin(spellVersions, eq(spellVersions.id, holds.versionId))
    .innerJoin(spells, eq(spells.id, spellVersions.spellId))
    .where(eq(holds.accountId, ctx.actor.accountId))
    .orderBy(desc(holds.admittedAt), desc(holds.castId))
    .limit(LISTED);
  return rows.map(viewRunning);
}
