import { z } from "zod";

const figures = {
  calls: z.int().describe("Casts that ended, however."),
  cost_micros: z.int(),
  cost_cents: z.int().describe("Rounded up; `cost_micros` is exact."),
  fuel: z.number().describe("Of all these casts; beyond 2^53 rounded."),
};

const span = { from: z.iso.date(), to: z.iso.date() };

export const dayRow = z.object({ day: z.iso.date(), ...figures });
export const spellRow = z.object({ spell_name: z.string(), spell_key: z.string(), ...figures });
export const keyRow = z.object({
  key_id: z.string().nullable().describe("Null for what was cast signed in, without a key."),
  key_name: z.string().nullable(),
  key_prefix: z.string().nullable(),
  ...figures,
});

/** What was used in a span of days, by one of three. A day, spell or key without a cast has no row. */
export const usageReportView = z.discriminatedUnion("by", [
  z.object({ by: z.literal("day"), ...span, data: z.array(dayRow) }),
  z.object({ by: z.literal("spell"), ...span, data: z.array(spellRow) }),
  z.object({ by: z.literal("key"), ...span, data: z.array(keyRow) }),
]);

export type UsageReportView = z.output<typeof usageReportView>;
export type DayRow = z.output<typeof dayRow>;
export type SpellRow = z.output<typeof spellRow>;
export type KeyRow = z.output<typeof keyRow>;
