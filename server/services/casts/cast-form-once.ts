import { hash } from "node:crypto";
import { z } from "zod";
import type { Credential, Platform } from "../../context.ts";
import type { Idempotency } from "../../db/casts.ts";
import type { OnCount } from "./admit.ts";
import { castOnce } from "./cast.ts";
import { castSpellInput, type CastSpellInput } from "./cast-input.ts";
import type { CompletedCastView, QueuedCastView } from "./cast-view.ts";
import { encodePayload } from "./payload.ts";

/** A cast from a form, which may be sent twice: `form_id` is made with the form. */
export const castFormOnceInput = castSpellInput.extend({ form_id: z.uuid() });

export type CastFormOnceInput = z.output<typeof castFormOnceInput>;

/**
 * The form's id as a key, and the digest of all that it asks for. No `Idempotency-Key` holds a space: a form never
 * meets a request of the API.
 */
function idempotencyOf({ config }: Platform, formId: string, wishes: CastSpellInput): Idempotency {
  const terms = JSON.stringify([wishes.spell_name, wishes.version ?? null, wishes.max_cost_cents ?? null]);
  const asked = Buffer.concat([Buffer.from(`${terms}\0`), encodePayload(config, wishes.payload)]);
  return {
    key: Buffer.from(`form ${formId.toLowerCase()}`),
    requestDigest: hash("sha256", asked, "buffer"),
  };
}

/**
 * Casts what a form asks for once, however often the form is sent: again it is given the first answer.
 * @throws as `castOnce`; IdempotencyMismatch when the form is sent again with other wishes
 */
export async function castFormOnce(
  platform: Platform,
  credential: Credential,
  input: CastFormOnceInput,
  onCount?: OnCount,
): Promise<CompletedCastView | QueuedCastView> {
  const { form_id: formId, ...wishes } = input;
  return castOnce(platform, credential, wishes, idempotencyOf(platform, formId, wishes), onCount);
}
