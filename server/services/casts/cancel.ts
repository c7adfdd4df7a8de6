import type { ServiceContext } from "../../context.ts";
import { cancelCast as cancelInDatabase } from "../../db/held-casts.ts";
import { CastNotQueued } from "../../errors.ts";
import { requireScope } from "../identity/require-scope.ts";
import { requireCast } from "./get.ts";

/** Calls off a queued cast and releases its hold. @throws NotFound, CastNotQueued when it runs or has ended */
export async function cancelCast(ctx: ServiceContext, id: string): Promise<void> {
  requireScope(ctx, "cast");
  if (await cancelInDatabase(ctx.db.sql, ctx.actor.accountId, id, ctx.clock.offsetMs)) return;
  await requireCast(ctx, id);
  throw new CastNotQueued();
}
