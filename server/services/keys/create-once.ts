import { and, eq, isNull, sql } from "drizzle-orm";
import { apiKeys, apiKeySecrets } from "../../../drizzle/schema/index.ts";
import { MICROS_PER_CENT, type ServiceContext } from "../../context.ts";
import { isUniqueViolation } from "../../db/failures.ts";
import { KeyAlreadyMade } from "../../errors.ts";
import { createKey } from "./create.ts";
import type { CreateKeyOnceInput } from "./key-input.ts";
import type { NewKeyView } from "./key-view.ts";
import { rotateKey } from "./rotate.ts";

/** A button pressed twice sends its form again within this time; who goes back to the form takes longer. */
const DOUBLE_PRESS_SECONDS = 10;

/** The present prefix of the key that this form made a moment ago, if it is as asked for and nobody has used it. */
async function unusedKeyOf({ db, actor }: ServiceContext, input: CreateKeyOnceInput): Promise<string | null> {
  const [key] = await db.drizzle
    .select({
      name: apiKeys.name,
      scopes: apiKeys.scopes,
      limit: apiKeys.monthlyLimitMicros,
      expiresAt: apiKeys.expiresAt,
      prefix: apiKeySecrets.prefix,
    })
    .from(apiKeys)
    .innerJoin(apiKeySecrets, and(eq(apiKeySecrets.keyId, apiKeys.id), isNull(apiKeySecrets.expiresAt)))
    .where(
      and(
        eq(apiKeys.id, input.form_id),
        eq(apiKeys.accountId, actor.accountId),
        isNull(apiKeys.revokedAt),
        isNull(apiKeys.lastUsedAt),
        sql`${apiKeys.createdAt} > clock_timestamp() - ${DOUBLE_PRESS_SECONDS}::integer * interval '1 second'`,
      ),
    );
  const limit = input.monthly_limit_cents === null ? null : input.monthly_limit_cents * MICROS_PER_CENT;
  const expiresMs = input.expires_at === null ? null : Date.parse(input.expires_at);
  const isAsAsked =
    key?.name === input.name &&
    key.limit === limit &&
    (key.expiresAt?.getTime() ?? null) === expiresMs &&
    String(key.scopes) === String(input.scopes);
  return isAsAsked ? key.prefix : null;
}

/**
 * Makes a form's key once, however often the form is sent. Who presses the button twice sees only the last answer, and
 * a text is shown once: so the second press gives the same, still unused key a new text, and the text before is dead.
 * @throws as `createKey`; KeyAlreadyMade when the form is sent later, or with other wishes
 */
export async function createKeyOnce(ctx: ServiceContext, input: CreateKeyOnceInput): Promise<NewKeyView> {
  const { form_id: id, ...wishes } = input;
  try {
    return await createKey(ctx, wishes, id);
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
  }
  const prefix = await unusedKeyOf(ctx, input);
  if (prefix === null) throw new KeyAlreadyMade();
  return rotateKey(ctx, prefix, { grace_seconds: 0 });
}
