import { useFetcher } from "@remix-run/react";
import { useState, type SyntheticEvent } from "react";
import type { StripeScript } from "../../server/trpc/portal-context.ts";
import { useText } from "../language/language.tsx";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import type { action as setupAction } from "../routes/dashboard.billing_.card_.setup.ts";
import { CardForm } from "./card-form.tsx";
import { messages } from "./card.messages.ts";
import { CARD_PATH, SETUP_PATH } from "./card.ts";

interface RegisterCardProps {
  readonly hasCard: boolean;
  /** Null where cards are given on Stripe's own page alone. */
  readonly script: StripeScript | null;
}

/** Leads to Stripe's page, on which a card is given; with JavaScript, Stripe's fields come into this page instead. */
export function RegisterCard({ hasCard, script }: RegisterCardProps) {
  const text = useText(messages);
  const setup = useFetcher<typeof setupAction>();
  const [state, setState] = useState<"new" | "open" | "left">("new");
  const isPending = setup.state !== "idle";
  const answer = setup.data;

  if (state === "open" && script !== null && answer?.problem === null)
    return <CardForm script={script} clientSecret={answer.clientSecret} onCancel={() => setState("left")} />;
  const open = (event: SyntheticEvent) => {
    if (script === null) return;
    event.preventDefault();
    if (isPending) return;
    setState("open");
    // One that was begun and left can be gone on with.
    if (answer?.problem !== null) setup.submit(null, { method: "post", action: SETUP_PATH });
  };
  return (
    // It leads to another origin, so the browser itself sends it.
    <form method="post" action={CARD_PATH} onSubmit={open}>
      <button
        type="submit"
        className={hasCard ? "button button-quiet" : "button"}
        aria-disabled={isPending}
        // Where the focus was before the fields came.
        autoFocus={state === "left"}
      >
        {isPending ? text.opening : hasCard ? text.replace : text.register}
      </button>
      {answer !== undefined && answer.problem !== null && !isPending && (
        <div className="mt-3">
          <ProblemNotice problem={answer.problem} id="setup-problem" />
        </div>
      )}
    </form>
  );
}
