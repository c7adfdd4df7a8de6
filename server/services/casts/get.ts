import { and, eq } from "drizzle-orm";
import { casts, holds, spells, spellVersions } from "../../../drizzle/schema/index.ts";
import type { ServiceContext } from "../../context.ts";
import { NotFound } from "../../errors.ts";
import { requireScope } from "../identity/require-scope.ts";
import { costFields, textOf, type CastDetailView } from "./cast-view.ts";
import { recordColumns, viewRecord } from "./history.ts";

async function findRunning(ctx: ServiceContext, id: string): Promise<CastDetailView | null> {
  const [row] = await ctx.db.drizzle
    .select({ spellName: spells.name, version: spellVersions.version, admittedAt: holds.admittedAt })
    .from(holds)
    .innerJoin(spellVersions, eq(spellVersions.id, holds.versionId))
    .innerJoin(spells, eq(spells.id, spellVersions.spellId))
    .where(and(eq(holds.castId, id), eq(holds.accountId, ctx.actor.accountId)));
  if (row === undefined) return null;
  return {
    id,
    status: "RUNNING",
    spell_name: row.spellName,
    version: row.version,
    error_code: null,
    ...costFields(0),
    fuel_used: null,
    duration_ms: null,
    created_at: row.admittedAt.toISOString(),
    log: "",
  };
}

async function findEnded(ctx: ServiceContext, id: string): Promise<CastDetailView | null> {
  const [row] = await ctx.db.drizzle
    .select({ ...recordColumns, log: casts.log })
    .from(casts)
    .innerJoin(spellVersions, eq(spellVersions.id, casts.versionId))
    .innerJoin(spells, eq(spells.id, spellVersions.spellId))
    .where(and(eq(casts.id, id), eq(casts.accountId, ctx.actor.accountId)));
  return row === undefined ? null : { ...viewRecord(row), log: textOf(row.log) };
}

/** One cast of the account, running or ended, with its log. @throws NotFound, also for another account's cast */
export async function getCast(ctx: ServiceContext, id: string): Promise<CastDetailView> {
  requireScope(ctx, "read");
  // In this order a cast that ends between the two reads is found by one of them or, ended, by the second look.
  const found = (await findEnded(ctx, id)) ?? (await findRunning(ctx, id)) ?? (await findEnded(ctx, id));
  if (found === null) throw new NotFound("cast_not_found");
  return found;
}
