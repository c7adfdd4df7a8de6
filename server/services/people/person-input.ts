import { z } from "zod";
import { LANGUAGES } from "../../context.ts";

export const language = z.enum(LANGUAGES).describe("Of pages, and later of mail.");

/** Some fields of the person's own; the others stay. What GitHub says of them is theirs to change there. */
export const changePersonInput = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .max(100)
      .regex(/^[^\p{Cc}\p{Cs}]*$/u, "no control characters")
      .meta({ pattern: "^[^\\p{Cc}\\p{Cs}]*$", description: "How pages greet you." })
      .nullable()
      .optional(),
    language: language.optional(),
  })
  .refine((input) => Object.keys(input).length > 0, { message: "name at least one field to change" });

export type ChangePersonInput = z.output<typeof changePersonInput>;
