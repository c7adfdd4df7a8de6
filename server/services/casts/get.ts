import { and, eq } from "drizzle-orm";
import { holds, spells, spellVersions } from "../../../drizzle/schema/index.ts";
import type { ServiceContext } from "../../context.ts";
import { NotFound } from "../../errors.ts";
import { requireScope } from "../identity/require-scope.ts";
import { textOf, type CastDetailView } from "./cast-view.ts";
import { runningColumns, viewRecord, viewRunning } from "./history.ts";
import { decodeResult } from "./payload.ts";
import { readEnded } from "./read-ended.ts";

async function findRunning(ctx: ServiceContext, id: string): Promise<CastDetailView | null> {
  const [row] = await ctx.db.drizzle
    .select({ ...runningColumns, contentType: spellVersions.contentType })
    .from(holds)
    .innerJoin(spellVersions, eq(spellVersions.id, holds.versionId))
    .innerJoin(spells, eq(spells.id, spellVersions.spellId))
    .where(and(eq(holds.castId, id), eq(holds.accountId, ctx.actor.accountId)));
  if (row === undefined) return null;
  return {
    ...viewRunning(row),
    content_type: row.contentType,
    log: "",
    has_result: false,
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
    has_result: row.output !== null,
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
