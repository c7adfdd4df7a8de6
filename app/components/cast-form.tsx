import { Form, useNavigation } from "@remix-run/react";
import type { SyntheticEvent } from "react";
import { useText } from "../language/language.tsx";
import { messages } from "../routes/_index.messages.ts";
import type { Refusal } from "./refusal.server.ts";

interface CastFormProps {
  readonly text: string;
  readonly refusal: Refusal | null;
}

/** The live cast's form: a plain post without JavaScript, the same without a reload with it. */
export function CastForm({ text, refusal }: CastFormProps) {
  const texts = useText(messages);
  const isPending = useNavigation().state === "submitting";
  // The button stays focusable while it waits, so it is not disabled: a second press does nothing.
  const castOnce = (event: SyntheticEvent) => {
    if (isPending) event.preventDefault();
  };
  return (
    <Form
      method="post"
      action="/?index#try"
      className="mt-5 grid gap-3"
      preventScrollReset
      onSubmit={castOnce}
    >
      <label htmlFor="text" className="text-sm font-medium">
        {texts.live.label}
      </label>
      <textarea
        id="text"
        name="text"
        rows={5}
        maxLength={10_000}
        required
        defaultValue={text}
        aria-describedby={refusal === null ? undefined : "problem"}
        aria-invalid={refusal === "empty" || refusal === "tooLong"}
        className="field"
      />
      {refusal !== null && (
        <p id="problem" role="alert" className="rounded-lg bg-warn px-4 py-3 text-sm">
          {texts.refusals[refusal]}
        </p>
      )}
      <button type="submit" className="button justify-self-start" aria-disabled={isPending}>
        {isPending ? texts.live.pending : texts.live.button}
      </button>
    </Form>
  );
}
