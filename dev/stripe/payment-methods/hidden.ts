import { z } from "zod";
import type { Store } from "../store/store.ts";
import { findCard, type TestCard } from "./cards.ts";

const hidden = z.object({
  /** One of the test cards'. */
  number: z.string(),
  /** Its bank has seen its customer once, for all later charges. */
  isSetUp: z.boolean(),
  /** It was detached, and nobody may use it again. */
  isUsedUp: z.boolean(),
});
type Hidden = z.output<typeof hidden>;

export const hideCard = (store: Store, id: string, what: Hidden): void => store.hide(id, what);

/** What the API does not show of a payment method. */
export function hiddenCardOf(store: Store, id: string): Omit<Hidden, "number"> & { readonly card: TestCard } {
  const { number, ...rest } = hidden.parse(store.hiddenOf(id));
  const card = findCard(number);
  if (card === null) throw new Error(`${id} is of a card that is no test card any more.`);
  return { card, ...rest };
}

export function changeHidden(store: Store, id: string, changes: Partial<Hidden>): void {
  const { card, ...rest } = hiddenCardOf(store, id);
  hideCard(store, id, { number: card.number, ...rest, ...changes });
}
