import { json, type ActionFunctionArgs } from "@remix-run/node";
import { asPerson } from "../guards/person.server.ts";
import type { Description } from "../problems/problem-notice.tsx";
import { takeRefusal } from "../problems/take-refusal.server.ts";

type Answer =
  | { readonly clientSecret: string; readonly problem: null }
  | { readonly clientSecret: null; readonly problem: Description };

/** Begins to set a card up in the page, for Stripe's script. */
export async function action({ request, context }: ActionFunctionArgs) {
  try {
    const { client_secret: clientSecret } = await asPerson({ request, context }, () =>
      context.caller.billing.beginSetup(),
    );
    return json<Answer>({ clientSecret, problem: null });
  } catch (error) {
    const problem = takeRefusal(context, error);
    return json<Answer>({ clientSecret: null, problem }, { status: problem.status });
  }
}
