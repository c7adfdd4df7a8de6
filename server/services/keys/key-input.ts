import { z } from "zod";
import { SCOPES } from "../../context.ts";

/** A name for people: something visible, no control characters. */
const keyName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, "no control characters")
  // The generator writes a pattern's flag into the pattern: `...$/u`, which matches no name.
  .meta({ pattern: "^[^\\p{Cc}\\p{Cs}]*$", description: "For people; no control characters." });

export const createKeyInput = z.strictObject({
  name: keyName,
  expires_at: z.iso
    .datetime({ offset: true })
    .nullable()
    .default(null)
    .describe("RFC 3339, in the future; null for never."),
  monthly_limit_cents: z
    .int()
    .min(0)
    .max(100_000_000)
    .nullable()
    .default(null)
    .describe("What this key may spend in a UTC month, besides the account's own limits."),
  scopes: z
    .array(z.enum(SCOPES))
    .min(1)
    .transform((scopes) => SCOPES.filter((scope) => scopes.includes(scope)))
    .default(["cast", "read"]),
});

export type CreateKeyInput = z.output<typeof createKeyInput>;
