import { castTextStats, castTextStatsInput } from "../services/casts/cast-text-stats.ts";
import { openProcedure, router } from "./context.ts";

/** What the home page does for a visitor without an account. */
export const homeRouter = router({
  castTextStats: openProcedure.input(castTextStatsInput).mutation(async ({ ctx, input }) => {
    await ctx.countVisitor();
    return castTextStats(ctx.platform, input);
  }),
});
