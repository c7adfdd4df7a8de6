/** A card on file for somebody whose registration of it is not what the story is about: as Stripe's script sets it up. */
import Stripe from "stripe";
import type { StackFile } from "../../../dev/stack/stack-file.ts";
import { callApi } from "../../support/web.ts";

/** The emulator of a stack that was started without keys of a person's own. */
function stripeOf({ stripe_url: url, stripe_secret_key: key }: StackFile): Stripe {
  if (url === undefined || key === undefined) throw new Error("the stack has no Stripe emulator");
  const { hostname: host, port } = new URL(url);
  return new Stripe(key, { host, port, protocol: "http", telemetry: false });
}

/** Puts the card of one of Stripe's test tokens on file. */
export async function giveCard(stack: StackFile, key: string, token = "pm_card_visa"): Promise<void> {
  const begun = await callApi(stack.base_url, "POST", "/v1/billing/setup-intent", { key });
  const setup_intent_id = String(begun.body["client_secret"]).split("_secret_")[0] ?? "";
  await stripeOf(stack).setupIntents.confirm(setup_intent_id, { payment_method: token });
  const body = { setup_intent_id };
  const answer = await callApi(stack.base_url, "POST", "/v1/billing/payment-method", { key, body });
  if (answer.status !== 200) throw new Error(`the card was answered with ${answer.status}: ${answer.text}`);
}
