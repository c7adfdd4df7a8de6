import { useFetcher } from "@remix-run/react";
import { useState, type SyntheticEvent } from "react";
import type { StripeScript } from "../../server/trpc/portal-context.ts";
import { useLanguage, useText } from "../language/language.tsx";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import type { action as cardAction } from "../routes/dashboard.billing_.card.tsx";
import { messages } from "./card.messages.ts";
import { CARD_PATH } from "./card.ts";
import { confirmCard } from "./confirm-card.ts";
import { useCardFields } from "./use-card-fields.ts";

/** Leads to Stripe's own page, for whoever its fields do not work for. */
function Elsewhere() {
  const text = useText(messages).form;
  return (
    <form method="post" action={CARD_PATH} className="mt-2">
      <button type="submit" className="link cursor-pointer py-1 text-sm">
        {text.elsewhere}
      </button>
    </form>
  );
}

interface CardFormProps {
  readonly script: StripeScript;
  readonly clientSecret: string;
  readonly onCancel: () => void;
}

/** Registers a card without leaving the page. */
export function CardForm({ script, clientSecret, onCancel }: CardFormProps) {
  const text = useText(messages).form;
  const language = useLanguage();
  const { place, state, mounted } = useCardFields(script, clientSecret);
  const registration = useFetcher<typeof cardAction>();
  const [isConfirming, setIsConfirming] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const isPending = isConfirming || registration.state !== "idle";

  const confirm = async () => {
    if (mounted.current === null) return;
    setIsConfirming(true);
    setRefusal(null);
    const answer = await confirmCard(mounted.current, clientSecret, language);
    if (answer.outcome === "confirmed")
      registration.submit({ setup_intent_id: answer.setupIntentId }, { method: "post", action: CARD_PATH });
    else setRefusal(answer.sentence);
    setIsConfirming(false);
  };
  const send = (event: SyntheticEvent) => {
    event.preventDefault();
    if (!isPending && state === "ready") void confirm();
  };

  return (
    // A row of its own among what else can be done with a card.
    <div className="basis-full">
      <form onSubmit={send} aria-label={text.label} aria-busy={isPending} className="max-w-lg">
        <p className="text-sm text-soft" role="status">
          {state === "loading" ? text.loading : text.bank}
        </p>
        <div ref={place} className="mt-3 min-h-64" hidden={state === "failed"} />
        {state === "failed" && (
          <p className="notice notice-warn mt-3" role="alert">
            {text.failed}
          </p>
        )}
        {refusal !== null && (
          <p className="notice notice-warn mt-3" role="alert">
            {refusal}
          </p>
        )}
        {!isPending && <ProblemNotice problem={registration.data?.problem ?? null} id="card-problem" />}
        <div className="mt-4 flex flex-wrap gap-3">
          <button type="submit" className="button" aria-disabled={isPending || state !== "ready"}>
            {isPending ? text.saving : text.save}
          </button>
          <button type="button" className="button button-quiet" onClick={onCancel}>
            {text.cancel}
          </button>
        </div>
      </form>
      <Elsewhere />
    </div>
  );
}
