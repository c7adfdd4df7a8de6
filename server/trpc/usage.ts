import { reportUsage, usageReportInput } from "../services/usage/report.ts";
import { actorProcedure, router } from "./context.ts";

export const usageRouter = router({
  report: actorProcedure.input(usageReportInput).query(({ ctx, input }) => reportUsage(ctx.service, input)),
});
