import { Dialog, DialogHeading } from "@ariakit/react";
import { Form, Link, useNavigation } from "@remix-run/react";
import { useRef, useState, type RefObject, type SyntheticEvent } from "react";
import { useFormats, useText } from "../language/language.tsx";
import { messages } from "../routes/dashboard.billing.messages.ts";
import type { Settings } from "./limit-fields.ts";

const ASKED = "/dashboard/billing?reset=ask#reset";

function useConsequence({ card, default_limit_cents: standard, allowance_cents: allowance }: Settings) {
  const text = useText(messages).reset;
  const formats = useFormats();
  return card === null ? text.withoutCard(formats.cents(allowance)) : text.withCard(formats.cents(standard));
}

interface AnswersProps {
  readonly cancel?: RefObject<HTMLAnchorElement>;
  readonly onCancel?: (event: SyntheticEvent) => void;
}

function Answers({ cancel, onCancel }: AnswersProps) {
  const text = useText(messages).reset;
  const isPending = useNavigation().formData?.get("intent") === "reset";
  const sendOnce = (event: SyntheticEvent) => {
    if (isPending) event.preventDefault();
  };
  return (
    <Form method="post" action="/dashboard/billing" onSubmit={sendOnce} className="mt-5 flex flex-wrap gap-3">
      <input type="hidden" name="intent" value="reset" />
      <button type="submit" className="button button-danger" aria-disabled={isPending}>
        {isPending ? text.pending : text.confirm}
      </button>
      <Link
        ref={cancel}
        className="button button-quiet"
        to="/dashboard/billing"
        onClick={onCancel}
        preventScrollReset
      >
        {text.cancel}
      </Link>
    </Form>
  );
}

interface ResetLimitProps {
  readonly settings: Settings;
  /** The address asks: without JavaScript that is how the question is put. */
  readonly isAsked: boolean;
}

/** Back to the default, after a question: in a dialog, or without JavaScript on the page. */
export function ResetLimit({ settings, isAsked }: ResetLimitProps) {
  const text = useText(messages).reset;
  const [isOpen, setIsOpen] = useState(false);
  // What has the focus first is what changes nothing.
  const cancel = useRef<HTMLAnchorElement>(null);
  const consequence = useConsequence(settings);
  const ask = (event: SyntheticEvent) => {
    event.preventDefault();
    setIsOpen(true);
  };
  const close = (event?: SyntheticEvent) => {
    event?.preventDefault();
    setIsOpen(false);
  };
  return (
    <section id="reset" aria-labelledby="reset-heading" className="mt-8 border-t border-line pt-5">
      <h3 id="reset-heading" className="font-semibold">
        {isAsked ? text.question : text.heading}
      </h3>
      <p className="mt-1 text-sm text-soft">{consequence}</p>
      {isAsked ? (
        <Answers />
      ) : (
        <Link className="button button-quiet mt-4 inline-block" to={ASKED} onClick={ask}>
          {text.ask}
        </Link>
      )}
      {isOpen && (
        <Dialog
          open
          onClose={() => setIsOpen(false)}
          initialFocus={cancel}
          backdrop={<div className="fixed inset-0 bg-black/50" />}
          className="panel fixed inset-x-4 top-1/4 z-10 mx-auto max-w-md p-6"
        >
          <DialogHeading className="text-lg font-semibold">{text.question}</DialogHeading>
          <p className="mt-2 text-sm">{consequence}</p>
          <Answers cancel={cancel} onCancel={close} />
        </Dialog>
      )}
    </section>
  );
}
