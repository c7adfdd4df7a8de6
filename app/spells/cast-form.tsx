import { Form, useNavigation } from "@remix-run/react";
import type { SyntheticEvent } from "react";
import { useText } from "../language/language.tsx";
import type { InputForm, Typed } from "./input-field.ts";
import { PayloadFields } from "./payload-fields.tsx";
import { MAX_COST } from "./read-typed.ts";
import { messages } from "./spell.messages.ts";

interface CastFormProps {
  readonly action: string;
  readonly form: InputForm;
  /** Sent with the form, so that it casts once however often it is sent. */
  readonly formId: string;
  /** The version whose schema and price the form shows. */
  readonly version: string;
  readonly typed: Typed;
  readonly unreadable: readonly string[];
  readonly isMaxCostWrong: boolean;
}

/** The form that a spell's input schema became, and the most to pay. */
export function CastForm({
  action,
  form,
  formId,
  version,
  typed,
  unreadable,
  isMaxCostWrong,
}: CastFormProps) {
  const text = useText(messages);
  const isPending = useNavigation().state === "submitting";
  // The button stays focusable while it waits, so it is not disabled: a second press does nothing.
  const submitOnce = (event: SyntheticEvent) => {
    if (isPending) event.preventDefault();
  };
  return (
    <Form method="post" action={action} className="grid gap-5" preventScrollReset onSubmit={submitOnce}>
      <input type="hidden" name="form_id" value={formId} />
      <input type="hidden" name="version" value={version} />
      <PayloadFields form={form} typed={typed} unreadable={unreadable} />
      <div className="grid gap-1">
        <label htmlFor="max-cost" className="text-sm font-medium">
          {text.maxCost}
          <span className="font-normal text-soft">{text.optional}</span>
        </label>
        <p id="max-cost-note" className="text-sm text-soft">
          {text.maxCostNote}
        </p>
        <input
          id="max-cost"
          type="number"
          name={MAX_COST}
          min={0}
          max={100_000_000}
          step={1}
          defaultValue={typed[MAX_COST] ?? ""}
          className="field"
          aria-invalid={isMaxCostWrong || undefined}
          aria-describedby={isMaxCostWrong ? "max-cost-note max-cost-problem" : "max-cost-note"}
        />
        {isMaxCostWrong && (
          <p id="max-cost-problem" className="text-sm text-danger">
            {text.badMaxCost}
          </p>
        )}
      </div>
      <button type="submit" className="button justify-self-start" aria-disabled={isPending}>
        {isPending ? text.casting : text.cast}
      </button>
    </Form>
  );
}
