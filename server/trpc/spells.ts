import { z } from "zod";
import { getSpell, spellReference } from "../services/spells/get.ts";
import { listSpells, listSpellsInput } from "../services/spells/list.ts";
import { openProcedure, router } from "./context.ts";

export const spellsRouter = router({
  list: openProcedure.input(listSpellsInput).query(({ ctx, input }) => listSpells(ctx.platform, input)),
  get: openProcedure
    .input(z.strictObject({ key: spellReference }))
    .query(({ ctx, input }) => getSpell(ctx.platform, input.key)),
});
