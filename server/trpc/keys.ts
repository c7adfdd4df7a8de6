import { z } from "zod";
import { createKey } from "../services/keys/create.ts";
import { createKeyInput } from "../services/keys/key-input.ts";
import { listKeys } from "../services/keys/list.ts";
import { revokeKey } from "../services/keys/revoke.ts";
import { actorProcedure, router } from "./context.ts";

export const keysRouter = router({
  create: actorProcedure.input(createKeyInput).mutation(({ ctx, input }) => createKey(ctx.service, input)),
  list: actorProcedure.query(({ ctx }) => listKeys(ctx.service)),
  revoke: actorProcedure
    .input(z.strictObject({ prefix: z.string().regex(/^[0-9A-Za-z]{1,64}$/) }))
    .mutation(({ ctx, input }) => revokeKey(ctx.service, input.prefix)),
});
