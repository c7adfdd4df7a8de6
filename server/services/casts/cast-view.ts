import { z } from "zod";
import { MICROS_PER_CENT } from "../../context.ts";

const cast = {
  id: z.string(),
  spell_name: z.string(),
  version: z.string(),
  cost_cents: z.int().describe("Rounded up; `cost_micros` is exact."),
  cost_micros: z.int(),
  fuel_used: z.int().nullable().describe("Null where the version is not metered."),
  duration_ms: z.number().nullable().describe("In the sandbox."),
  created_at: z.iso.datetime(),
};

/** The answer to a cast that completed. */
export const completedCastView = z.object({
  ...cast,
  status: z.literal("COMPLETED"),
  result: z
    .unknown()
    .describe(
      "By the spell's content type: parsed for JSON, a string for text and SVG, `{base64}` for all else.",
    ),
  error_code: z.null(),
});

/** A cast in the history. Results are given once, in the answer, and not kept. */
export const castRecordView = z.object({
  ...cast,
  status: z.enum(["RUNNING", "COMPLETED", "FAILED"]),
  error_code: z.string().nullable(),
});

/** One cast whole: also what the program wrote to its log. */
export const castDetailView = castRecordView.extend({
  log: z.string().describe("What the program wrote to stderr."),
});

export type CompletedCastView = z.output<typeof completedCastView>;
export type CastRecordView = z.output<typeof castRecordView>;
export type CastDetailView = z.output<typeof castDetailView>;

/** Spent cents are rounded up for display; the exact micros stand beside them. */
export const costFields = (costMicros: number) => ({
  cost_cents: Math.ceil(costMicros / MICROS_PER_CENT),
  cost_micros: costMicros,
});

/** What a program wrote, as text: bytes that are not UTF-8 become U+FFFD. */
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
