import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { Link, useActionData } from "@remix-run/react";
import { BILLING_PATH, CARD_PATH } from "../billing/card.ts";
import { messages } from "../billing/card.messages.ts";
import { textIn } from "../forms/text-in.ts";
import { asPerson } from "../guards/person.server.ts";
import { useText } from "../language/language.tsx";
import { pageTitle } from "../language/page-title.ts";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { takeRefusal } from "../problems/take-refusal.server.ts";

export const meta = pageTitle({ en: messages.en.page, ja: messages.ja.page });

export async function loader({ request, context }: LoaderFunctionArgs) {
  return asPerson({ request, context }, async () =>
    json({ login: (await context.caller.people.me()).login }),
  );
}

/** Puts the card of a finished set-up on file; without one, leads to Stripe's page, on which a card is given. */
export async function action({ request, context }: ActionFunctionArgs) {
  // What is no form has no fields.
  const form = await request.formData().catch(() => new FormData());
  const { billing } = context.caller;
  const setupIntentId = textIn(form, "setup_intent_id");
  try {
    return await asPerson({ request, context }, async () => {
      if (setupIntentId === "") return redirect((await billing.beginCheckout()).url, 303);
      await billing.setPaymentMethod({ setup_intent_id: setupIntentId });
      return redirect(`${BILLING_PATH}?saved=card`, 303);
    });
  } catch (error) {
    const problem = takeRefusal(context, error);
    return json({ problem }, { status: problem.status });
  }
}

/** What is seen of it is what went wrong, and the way to try again. */
export default function RegisterCardPage() {
  const text = useText(messages);
  const problem = useActionData<typeof action>()?.problem ?? null;
  return (
    <div className="mt-8 max-w-2xl">
      <h1 className="page-title">{text.page.title}</h1>
      <div className="mt-4">
        <ProblemNotice problem={problem} />
      </div>
      <p className="mt-4">{text.keeper}</p>
      <form method="post" action={CARD_PATH} className="mt-5">
        <button type="submit" className="button">
          {text.page.continue}
        </button>
      </form>
      <p className="mt-6">
        <Link to={BILLING_PATH} className="link inline-block py-1">
          {text.page.back}
        </Link>
      </p>
    </div>
  );
}
