import { z } from "zod";
import { MICROS_PER_CENT } from "../../context.ts";
import { decodeResult } from "./payload.ts";

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

/** The answer to a cast that was queued. */
export const queuedCastView = z.object({
  id: z.string(),
  status: z.literal("QUEUED").describe("What it has become since is at `GET /v1/casts/{id}`."),
});

/** A cast in the history. */
export const castRecordView = z.object({
  ...cast,
  status: z.enum(["QUEUED", "RUNNING", "COMPLETED", "FAILED"]),
  error_code: z.string().nullable(),
});

/** One cast whole: also what the program wrote to its log. */
export const castDetailView = castRecordView.extend({
  content_type: z.string().describe("Of the version's output."),
  log: z.string().describe("What the program wrote to stderr."),
  has_result: z.boolean().describe("Whether a result is kept: `result` may itself be null."),
  result: z
    .unknown()
    .describe(
      "Of a cast that was queued, or sent with an `Idempotency-Key`, for 24 hours after its end; null for others.",
    ),
  failure: z
    .string()
    .nullable()
    .describe("How such a cast failed, in a sentence, as long as a result would be kept."),
});

export type QueuedCastView = z.output<typeof queuedCastView>;
export type CompletedCastView = z.output<typeof completedCastView>;
export type CastRecordView = z.output<typeof castRecordView>;
export type CastDetailView = z.output<typeof castDetailView>;

/** Spent cents are rounded up for display; the exact micros stand beside them. */
export const costFields = (costMicros: number) => ({
  cost_cents: Math.ceil(costMicros / MICROS_PER_CENT),
  cost_micros: costMicros,
});

/** What the answer to a completed cast is made of, at its end and whenever it is asked for again. */
export interface CompletedCast {
  readonly id: string;
  readonly spellName: string;
  readonly version: string;
  readonly contentType: string;
  readonly output: Uint8Array;
  readonly costMicros: number;
  readonly fuelUsed: number | null;
  readonly durationMs: number | null;
  readonly admittedAt: Date;
}

export const viewCompleted = (cast: CompletedCast): CompletedCastView => ({
  id: cast.id,
  status: "COMPLETED",
  spell_name: cast.spellName,
  version: cast.version,
  result: decodeResult(cast.contentType, cast.output),
  error_code: null,
  ...costFields(cast.costMicros),
  fuel_used: cast.fuelUsed,
  duration_ms: cast.durationMs,
  created_at: cast.admittedAt.toISOString(),
});

/** What a program wrote, as text: bytes that are not UTF-8 become U+FFFD. */
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
