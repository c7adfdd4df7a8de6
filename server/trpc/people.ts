import { changePerson } from "../services/people/change.ts";
import { getPerson } from "../services/people/get.ts";
import { changePersonInput } from "../services/people/person-input.ts";
import { actorProcedure, router } from "./context.ts";

export const peopleRouter = router({
  me: actorProcedure.query(({ ctx }) => getPerson(ctx.service)),
  change: actorProcedure
    .input(changePersonInput)
    .mutation(({ ctx, input }) => changePerson(ctx.service, input)),
});
