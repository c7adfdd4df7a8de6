import { eq } from "drizzle-orm";
import { z } from "zod";
import { accounts } from "../../../drizzle/schema/index.ts";
import type { Platform } from "../../context.ts";
import { NotFound } from "../../errors.ts";
import { castSpell } from "./cast.ts";
import type { CompletedCastView } from "./cast-view.ts";

/** The account behind the home page's live cast; it has its own rate and limit like any other. */
export const HOUSE_HANDLE = "house";

export const castTextStatsInput = z.strictObject({ text: z.string().min(1).max(10_000) });

/** Casts `text-stats` for a visitor who has no account, on the house. */
export async function castTextStats(
  platform: Platform,
  input: z.output<typeof castTextStatsInput>,
): Promise<CompletedCastView> {
  const [house] = await platform.db.drizzle
    .select({ id: accounts.id })
    .from(accounts)
    .where(eq(accounts.handle, HOUSE_HANDLE));
  if (house === undefined) throw new NotFound("spell_not_found");
  const credential = { accountId: house.id, keyPrefix: null, sessionDigest: null };
  return castSpell(platform, credential, { spell_name: "text-stats", payload: { text: input.text } });
}
