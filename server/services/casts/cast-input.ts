import { z } from "zod";
import { spellReference } from "../spells/get.ts";
import { spellVersion } from "../spells/manifest.ts";

export const castSpellInput = z.strictObject({
  spell_name: spellReference,
  /** Any JSON value; the program reads it on stdin as compact JSON. */
  payload: z.unknown().refine((value) => value !== undefined, { message: "is required; null is a value" }),
  version: spellVersion.optional(),
  /** The most this cast may cost; it is refused when its price is higher. */
  max_cost_cents: z.int().min(0).max(100_000_000).optional(),
});

export type CastSpellInput = z.output<typeof castSpellInput>;
