import { and, eq } from "drizzle-orm";
import { holds, spells, spellVersions } from "../../../drizzle/schema/index.ts";
import type { ServiceContext } from "../../context.ts";
import { NotFound } from "../../errors.ts";
import { requireScope } from "../identity/require-scope.ts";
import { costFields, textOf, type CastDetailView } from "./cast-view.ts";
import { viewRecord } from "./history.ts";
import { decodeResult } from "./payload.ts";
import { readEnded } from "./read-ended.ts";

async function findRunning(ctx: ServiceContext, id: string): Promise<CastDetailView | null> {
  const [row] = await ctx.db.drizzle
    .select({
      spellName: spells.name,
      version: spellVersions.version,
      contentType: spellVersions.contentType,
      state: holds.state,
      admittedAt: holds.admittedAt,
    })
    .from(holds)
    .innerJoin(spellVersions, eq(spellVersions.id, holds.versionId))
    .innerJoin(spells, eq(spells.id, spellVersions.spellId))
    .where(and(eq(holds.castId, id), eq(holds.accountId, ctx.actor.accountId)));
  if (row === undefined) return null;
  return {
    id,
    status: row.state === "queued" ? "QUEUED" : "RUNNING",
    spell_name: row.spellName,
    version: row.version,
    error_code: null,
    ...costFields(0),
    fuel_used: null,
    duration_ms: null,
    created_at: row.admittedAt.toISOString(),
    content_type: row.contentType,
    log: "",
    result: null,
    failure: null,
  };
}

async function findEnded(ctx: ServiceContext, id: string): Promise<CastDetailView | null> {
  const row = await readEnded(ctx, ctx.actor.accountId, id);
  if (row === null) return null;
  return {
    ...viewRecord(row),
    content_type: row.contentType,
    log: textOf(row.log),
    result: row.output === null ? null : decodeResult(row.contentType, row.output),
    failure: row.failure === null ? null : textOf(row.failure),
  };
}

/** One cast of the account, whatever the actor may see of it. @throws NotFound, also for another account's cast */
export async function requireCast(ctx: ServiceContext, id: string): Promise<CastDetailView> {
  // In this order a cast that ends between the two reads is found by one of them or, ended, by the second look.
  const found = (await findEnded(ctx, id)) ?? (await findRunning(ctx, id)) ?? (await findEnded(ctx, id));
  if (found === null) throw new NotFound("cast_not_found");
  return found;
}

/** One cast of the account, queued, running or ended, with its log. @throws NotFound */
export async function getCast(ctx: ServiceContext, id: string): Promise<CastDetailView> {
  requireScope(ctx, "read");
  return requireCast(ctx, id);
}
