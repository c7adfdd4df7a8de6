import { z } from "zod";

/** What text-stats writes. */
export const textStats = z.object({
  words: z.number(),
  lines: z.number(),
  characters: z.number(),
  top: z.array(z.object({ word: z.string(), count: z.number() })),
});

export type TextStats = z.output<typeof textStats>;
