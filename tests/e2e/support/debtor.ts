/** Somebody whose card could not pay: an invoice with a cast on it is past due. */
import { randomBytes } from "node:crypto";
import { signIn } from "../../../dev/sign-in.ts";
import type { StackFile } from "../../../dev/stack/stack-file.ts";
import { callApi } from "../../support/web.ts";
import { giveCard } from "./cards.ts";
import { DEAR_SPELL } from "./dear-spell.ts";

export interface Debtor {
  readonly sessionToken: string;
}

/** Makes one, at the running stack: a removal collects at once, from a card that is declined then. */
export async function makeDebtor(stack: StackFile): Promise<Debtor> {
  const login = `debtor-${randomBytes(4).toString("hex")}`;
  const { sessionToken: key } = await signIn({ baseUrl: stack.base_url, login });
  await giveCard(stack, key, "pm_card_chargeCustomerFail");
  const call = (method: string, path: string, body?: unknown) =>
    callApi(stack.base_url, method, path, { key, body });
  await call("POST", "/v1/budgets", { period: "monthly", hard_limit_cents: 10_000 });
  await call("POST", "/v1/cast", { spell_name: DEAR_SPELL.name, payload: "dear" });
  const { status, text } = await call("DELETE", "/v1/billing/payment-method");
  if (status !== 402) throw new Error(`the removal was answered with ${status}: ${text}`);
  return { sessionToken: key };
}
