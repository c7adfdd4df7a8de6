import { z } from "zod";
import { SCOPES } from "../../context.ts";
import { InvalidRequest } from "../../errors.ts";

/** A name for people: something visible, no control characters. */
const keyName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, "no control characters")
  // The generator writes a pattern's flag into the pattern: `...$/u`, which matches no name.
  .meta({ pattern: "^[^\\p{Cc}\\p{Cs}]*$", description: "For people; no control characters." });

const expiry = z.iso
  .datetime({ offset: true })
  .nullable()
  .describe("RFC 3339, in the future; null for never.");

const monthlyLimit = z
  .int()
  .min(0)
  .max(100_000_000)
  .nullable()
  .describe("What this key may spend in a UTC month, besides the account's own limits; null for no more.");

const scopes = z
  .array(z.enum(SCOPES))
  .min(1)
  .transform((given) => SCOPES.filter((scope) => given.includes(scope)));

/** Names a key of the account wherever one is named. */
export const keyPrefix = z
  .string()
  .regex(/^[0-9A-Za-z]{1,64}$/)
  .describe("The key's prefix; after a rotation the one before names it too, until the next.");

export const createKeyInput = z.strictObject({
  name: keyName,
  expires_at: expiry.default(null),
  monthly_limit_cents: monthlyLimit.default(null),
  scopes: scopes.default(["cast", "read"]),
});

/** The same from a form, which may be sent twice: `form_id` is made with the form and becomes the key's id. */
export const createKeyOnceInput = createKeyInput.extend({ form_id: z.uuid() });

/** Some fields of a key; the others stay. */
export const changeKeyInput = z
  .strictObject({
    name: keyName.optional(),
    expires_at: expiry.optional(),
    monthly_limit_cents: monthlyLimit.optional(),
    scopes: scopes.optional(),
  })
  .refine((input) => Object.keys(input).length > 0, { message: "name at least one field to change" });

export const rotateKeyInput = z.strictObject({
  grace_seconds: z
    .int()
    .min(0)
    .max(2_592_000)
    .optional()
    .describe("How long the old secret still works: at most what the operator allows; 0 ends it at once."),
});

/** The same from a form, which may be sent twice. */
export const rotateNewestKeyInput = rotateKeyInput.extend({ only_newest: z.boolean().optional() });

export type CreateKeyInput = z.output<typeof createKeyInput>;
export type CreateKeyOnceInput = z.output<typeof createKeyOnceInput>;
export type ChangeKeyInput = z.output<typeof changeKeyInput>;
export type RotateKeyInput = z.output<typeof rotateNewestKeyInput>;

/** A key is not made to be dead. @throws InvalidRequest */
export function checkExpiry(expiresAt: Date | null, now: Date): void {
  if (expiresAt !== null && expiresAt <= now)
    throw new InvalidRequest([{ field: "expires_at", message: "must be in the future" }]);
}
