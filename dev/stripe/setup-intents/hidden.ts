import { z } from "zod";
import type { Context } from "../context.ts";

const hidden = z.object({
  /** What the page knows on which the bank sees its customer. */
  token: z.string(),
  paymentMethod: z.string(),
  /** Where that page leads; null: it closes itself. */
  returnUrl: z.string().nullable(),
});

/** An authentication that somebody has still to complete. */
export type Challenge = z.output<typeof hidden>;

export const setChallenge = (
  { store }: Context,
  intent: string,
  challenge: Challenge | Record<string, never>,
): void => store.hide(intent, challenge);

/** Null: the bank waits for nobody. */
export const challengeOf = ({ store }: Context, intent: string): Challenge | null =>
  hidden.safeParse(store.hiddenOf(intent)).data ?? null;

/** The page of a challenge. */
export const challengeUrl = ({ baseUrl }: Context, intent: string, token: string): string =>
  `${baseUrl}/authenticate/${intent}/${token}`;
