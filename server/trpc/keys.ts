import { z } from "zod";
import { changeKey } from "../services/keys/change.ts";
import { createKey } from "../services/keys/create.ts";
import { createKeyOnce } from "../services/keys/create-once.ts";
import {
  changeKeyInput,
  createKeyInput,
  createKeyOnceInput,
  keyPrefix,
  rotateNewestKeyInput,
} from "../services/keys/key-input.ts";
import { listKeys } from "../services/keys/list.ts";
import { revokeKey } from "../services/keys/revoke.ts";
import { rotateKey } from "../services/keys/rotate.ts";
import { actorProcedure, router } from "./context.ts";

export const keysRouter = router({
  create: actorProcedure.input(createKeyInput).mutation(({ ctx, input }) => createKey(ctx.service, input)),
  createOnce: actorProcedure
    .input(createKeyOnceInput)
    .mutation(({ ctx, input }) => createKeyOnce(ctx.service, input)),
  list: actorProcedure.query(({ ctx }) => listKeys(ctx.service)),
  change: actorProcedure
    .input(z.strictObject({ prefix: keyPrefix, change: changeKeyInput }))
    .mutation(({ ctx, input }) => changeKey(ctx.service, input.prefix, input.change)),
  /** How long a secret works after it was replaced, unless the rotation says less. */
  rotationGrace: actorProcedure.query(({ ctx }) => ({ seconds: ctx.service.config.KEY_GRACE_SECONDS })),
  rotate: actorProcedure
    .input(rotateNewestKeyInput.extend({ prefix: keyPrefix }))
    .mutation(({ ctx, input: { prefix, ...input } }) => rotateKey(ctx.service, prefix, input)),
  revoke: actorProcedure
    .input(z.strictObject({ prefix: keyPrefix }))
    .mutation(({ ctx, input }) => revokeKey(ctx.service, input.prefix)),
});
