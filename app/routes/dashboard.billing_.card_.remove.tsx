import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { Link, useActionData, useLoaderData } from "@remix-run/react";
import { brandName } from "../billing/card-name.ts";
import { BILLING_PATH, readCard } from "../billing/card.ts";
import { messages } from "../billing/card.messages.ts";
import { RemoveQuestion } from "../billing/remove-question.tsx";
import { asPerson } from "../guards/person.server.ts";
import { useText } from "../language/language.tsx";
import { pageTitle } from "../language/page-title.ts";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { takeRefusal } from "../problems/take-refusal.server.ts";

export const meta = pageTitle({ en: messages.en.removal, ja: messages.ja.removal });

export async function loader({ request, context }: LoaderFunctionArgs) {
  const [card, settings] = await asPerson({ request, context }, () =>
    Promise.all([readCard(context), context.caller.budgets.settings()]),
  );
  return json({ card, allowanceCents: settings.allowance_cents }, { status: card === null ? 404 : 200 });
}

export async function action({ request, context }: ActionFunctionArgs) {
  try {
    const outcome = await asPerson({ request, context }, () => context.caller.billing.removeCard());
    return redirect(`${BILLING_PATH}?saved=${outcome}`, 303);
  } catch (error) {
    const problem = takeRefusal(context, error);
    // Also the second press of the button, whose answer is the one that is seen.
    if (problem.error === "payment_method_not_found") return redirect(`${BILLING_PATH}?saved=removed`, 303);
    return json({ problem }, { status: problem.status });
  }
}

export default function RemoveCard() {
  const text = useText(messages);
  const { card, allowanceCents } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem ?? null;
  return (
    <div className="mt-8 max-w-2xl">
      <h1 className="page-title">{text.removal.title}</h1>
      {problem !== null && (
        <div className="mt-4 grid gap-2">
          <ProblemNotice problem={problem} />
          {problem.error === "card_declined" && <p>{text.removal.stays}</p>}
        </div>
      )}
      {card === null ? (
        <p className="mt-4">{text.none}</p>
      ) : (
        <>
          <p className="mt-4 font-semibold">{text.onFile(brandName(card.brand, text.card), card.last4)}</p>
          <RemoveQuestion allowanceCents={allowanceCents} />
        </>
      )}
      <p className="mt-6">
        <Link to={BILLING_PATH} className="link inline-block py-1">
          {text.page.back}
        </Link>
      </p>
    </div>
  );
}
