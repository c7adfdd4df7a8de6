import { acceptTerms, acceptTermsInput, readSignUp, signUpInput } from "../services/identity/accept-terms.ts";
import {
  endOtherSessions,
  endSession,
  endSessionInput,
  listSessions,
} from "../services/identity/sessions.ts";
import { actorProcedure, openProcedure, router } from "./context.ts";

/** Signing up, and the sessions of who is signed in. */
export const identityRouter = router({
  signUp: openProcedure.input(signUpInput).query(({ ctx, input }) => readSignUp(ctx.platform, input)),
  acceptTerms: openProcedure.input(acceptTermsInput).mutation(async ({ ctx, input }) => {
    await ctx.countVisitor();
    return acceptTerms(ctx.platform, input);
  }),
  sessions: actorProcedure.query(({ ctx }) => listSessions(ctx.service)),
  endSession: actorProcedure
    .input(endSessionInput)
    .mutation(({ ctx, input }) => endSession(ctx.service, input)),
  endOtherSessions: actorProcedure.mutation(({ ctx }) => endOtherSessions(ctx.service)),
});
