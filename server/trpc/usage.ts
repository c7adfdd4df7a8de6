import { readOverview } from "../services/usage/overview.ts";
import { reportUsage, usageReportInput } from "../services/usage/report.ts";
import { actorProcedure, router } from "./context.ts";

export const usageRouter = router({
  overview: actorProcedure.query(({ ctx }) => readOverview(ctx.service)),
  report: actorProcedure.input(usageReportInput).query(({ ctx, input }) => reportUsage(ctx.service, input)),
});
