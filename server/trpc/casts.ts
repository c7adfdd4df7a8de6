import { z } from "zod";
import { castFormOnce, castFormOnceInput } from "../services/casts/cast-form-once.ts";
import { castSpellInput } from "../services/casts/cast-input.ts";
import { cancelCast } from "../services/casts/cancel.ts";
import { castSpell } from "../services/casts/cast.ts";
import { getCast } from "../services/casts/get.ts";
import { listRunningCasts } from "../services/casts/list-running.ts";
import { listCasts, listCastsInput } from "../services/casts/list.ts";
import { queueCast } from "../services/casts/queue.ts";
import { actorProcedure, credentialProcedure, router } from "./context.ts";

export const castsRouter = router({
  cast: credentialProcedure
    .input(castSpellInput)
    .mutation(({ ctx, input }) => castSpell(ctx.platform, ctx.credential, input)),
  castOnce: credentialProcedure
    .input(castFormOnceInput)
    .mutation(({ ctx, input }) => castFormOnce(ctx.platform, ctx.credential, input)),
  list: actorProcedure.input(listCastsInput).query(({ ctx, input }) => listCasts(ctx.service, input)),
  listRunning: actorProcedure.query(({ ctx }) => listRunningCasts(ctx.service)),
  get: actorProcedure
    .input(z.strictObject({ id: z.uuid() }))
    .query(({ ctx, input }) => getCast(ctx.service, input.id)),
  queue: credentialProcedure
    .input(castSpellInput)
    .mutation(({ ctx, input }) => queueCast(ctx.platform, ctx.credential, input)),
  cancel: actorProcedure
    .input(z.strictObject({ id: z.uuid() }))
    .mutation(({ ctx, input }) => cancelCast(ctx.service, input.id)),
});
