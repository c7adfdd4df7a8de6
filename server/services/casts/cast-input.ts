import { z } from "zod";
import { spellReference } from "../spells/get.ts";
import { spellVersion } from "../spells/manifest.ts";

export const castSpellInput = z.strictObject({
  spell_name: spellReference.describe("The name or the reverse-DNS key of an active spell."),
  payload: z
    .unknown()
    .refine((value) => value !== undefined, { message: "is required; null is a value" })
    .describe("Any JSON value; the program reads it on stdin as compact JSON."),
  version: spellVersion.optional().describe("A version such as `1.2.3`; without it the newest active one."),
  max_cost_cents: z
    .int()
    .min(0)
    .max(100_000_000)
    .optional()
    .describe("The most this cast may cost; it is refused when its price is higher."),
});

export type CastSpellInput = z.output<typeof castSpellInput>;
