import { redirect, type AppLoadContext } from "@remix-run/node";
import type { Description } from "../../server/trpc/portal-context.ts";
import { asPerson } from "../guards/person.server.ts";
import { takeRefusal } from "../problems/take-refusal.server.ts";
import { BILLING_PATH } from "./card.ts";

/** The names under which Stripe's page and Stripe's script name a finished set-up in the address they lead back to. */
const SETUPS = [
  { parameter: "checkout", field: "checkout_session_id" },
  { parameter: "setup_intent", field: "setup_intent_id" },
] as const;

/**
 * Puts the card on file that a person has just given at Stripe, when the address says that they come from there, and
 * leads on to the plain address. That is done by a navigation, because it is one that Stripe leads back with; the person
 * has confirmed it there, their own set-ups alone are taken, and Stripe's event does the same a moment later.
 * @returns what went wrong, to be said on the page; null where nothing did
 * @throws the redirect
 */
export async function adoptCardOf(request: Request, context: AppLoadContext): Promise<Description | null> {
  const query = new URL(request.url).searchParams;
  const setup = SETUPS.find(({ parameter }) => query.has(parameter));
  if (setup === undefined) return null;
  const input = { [setup.field]: query.get(setup.parameter) ?? "" };
  try {
    await asPerson({ request, context }, () => context.caller.billing.setPaymentMethod(input));
  } catch (error) {
    return takeRefusal(context, error);
  }
  // Remix takes thrown responses.
  // eslint-disable-next-line @typescript-eslint/only-throw-error
  throw redirect(`${BILLING_PATH}?saved=card`);
}
