import { z } from "zod";
import { invalidRequest } from "../api/error.ts";
import { integer, mergeMetadata, metadata, positive, text } from "../api/parameters.ts";
import { multiply, type ItemWish } from "./items.ts";

/** What an item and a line of an invoice have in common. */
export const itemParameters = {
  amount: integer.optional(),
  unit_amount_decimal: text.optional(),
  quantity: positive.optional(),
  description: text.optional(),
  metadata: metadata.optional(),
  period: z.strictObject({ start: integer, end: integer }).optional(),
};

type Sent = z.output<z.ZodObject<typeof itemParameters>>;

/** @throws Refusal unless it says how much it costs, in one way */
export function readItem(sent: Sent, customer: string, currency: string): ItemWish {
  const { amount, unit_amount_decimal: unit, quantity = 1 } = sent;
  if (amount !== undefined && unit !== undefined)
    throw invalidRequest("You may only specify one of these parameters: amount, unit_amount_decimal.");
  if (amount === undefined && unit === undefined)
    throw invalidRequest("Missing required param: amount.", { code: "parameter_missing", param: "amount" });
  if (amount !== undefined && quantity !== 1)
    throw invalidRequest("An amount is a whole: give unit_amount_decimal with a quantity.", {
      param: "quantity",
    });
  return {
    customer,
    currency,
    amount: amount ?? multiply(unit ?? "0", quantity),
    unitAmount: unit ?? String(amount),
    quantity,
    description: sent.description ?? null,
    metadata: mergeMetadata(null, sent.metadata),
    period: sent.period ?? null,
  };
}
