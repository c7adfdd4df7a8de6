import { z } from "zod";
import { MICROS_PER_CENT, SCOPES, type Scope } from "../../context.ts";

/** A key as its owner sees it at any time: never its secret. */
export const keyView = z.object({
  id: z.string(),
  name: z.string(),
  prefix: z.string().describe("Names the key, and begins its text after `sk_live_` or `sk_test_`."),
  created_at: z.iso.datetime(),
  last_used_at: z.iso.datetime().nullable(),
  expires_at: z.iso.datetime().nullable(),
  monthly_limit_cents: z.int().nullable(),
  scopes: z.array(z.enum(SCOPES)),
});

/** A key at its making: the one time its text is shown. */
export const newKeyView = keyView.extend({
  api_key: z.string().describe("The key's text, shown in this answer and never again."),
});

/** A key with its new secret, and the end of the one before. */
export const rotatedKeyView = newKeyView.extend({
  previous_prefix: z.string(),
  previous_expires_at: z.iso.datetime().describe("From then on the secret before this one is refused."),
});

export type KeyView = z.output<typeof keyView>;
export type NewKeyView = z.output<typeof newKeyView>;
export type RotatedKeyView = z.output<typeof rotatedKeyView>;

export interface KeyRow {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: readonly string[];
  readonly monthlyLimitMicros: number | null;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly expiresAt: Date | null;
}

export function viewKey(row: KeyRow): KeyView {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    created_at: row.createdAt.toISOString(),
    last_used_at: row.lastUsedAt?.toISOString() ?? null,
    expires_at: row.expiresAt?.toISOString() ?? null,
    monthly_limit_cents: row.monthlyLimitMicros === null ? null : row.monthlyLimitMicros / MICROS_PER_CENT,
    // Written from SCOPES only.
    scopes: [...row.scopes] as Scope[],
  };
}
