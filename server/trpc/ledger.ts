import { listEntries, listEntriesInput } from "../services/ledger/entries.ts";
import { actorProcedure, router } from "./context.ts";

export const ledgerRouter = router({
  entries: actorProcedure.input(listEntriesInput).query(({ ctx, input }) => listEntries(ctx.service, input)),
});
