import { Form, useNavigation } from "@remix-run/react";
import { useEffect, useRef, type SyntheticEvent } from "react";
import { useFormats, useText } from "../language/language.tsx";
import { messages } from "../routes/dashboard.billing.messages.ts";
import { AmountField } from "./amount-field.tsx";
import type { FieldProblems, LimitFields, Settings } from "./limit-fields.ts";

const PERIODS = ["monthly", "daily"] as const;

function PeriodChoice({ chosen, problem }: { readonly chosen: string; readonly problem: string | null }) {
  const text = useText(messages).form;
  return (
    <fieldset aria-describedby={problem === null ? undefined : "period-problem"}>
      <legend className="font-medium">{text.period}</legend>
      {PERIODS.map((period) => (
        <div key={period} className="mt-2 flex gap-3">
          <input
            id={`period-${period}`}
            type="radio"
            name="period"
            value={period}
            required
            defaultChecked={chosen === period}
            aria-describedby={`period-${period}-note`}
            className="mt-0.5 size-6 flex-none accent-accent"
          />
          <div>
            <label htmlFor={`period-${period}`}>{text.periods[period].name}</label>
            <p id={`period-${period}-note`} className="text-sm text-soft">
              {text.periods[period].note}
            </p>
          </div>
        </div>
      ))}
      {problem !== null && (
        <p id="period-problem" className="mt-2 text-sm font-medium text-danger">
          {problem}
        </p>
      )}
    </fieldset>
  );
}

type Problem = NonNullable<FieldProblems[keyof FieldProblems]>;
type ProblemTexts = Readonly<Record<Problem, (min: string, max: string) => string>>;

interface LimitFormProps {
  readonly fields: LimitFields;
  readonly problems: FieldProblems;
  readonly settings: Settings;
}

/** An account's limit. A refused form keeps what was typed, and its first wrong field gets the focus. */
export function LimitForm({ fields, problems, settings }: LimitFormProps) {
  const text = useText(messages).form;
  const formats = useFormats();
  const navigation = useNavigation();
  const isPending = navigation.formData?.get("intent") === "save";
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [problems]);
  const sendOnce = (event: SyntheticEvent) => {
    if (isPending) event.preventDefault();
  };
  const [min, max] = [formats.cents(settings.min_limit_cents), formats.cents(settings.max_limit_cents)];
  const problemTexts: ProblemTexts = text.problems;
  const say = (problem: Problem | undefined) =>
    problem === undefined ? null : problemTexts[problem](min, max);
  return (
    <Form
      ref={form}
      method="post"
      action="/dashboard/billing"
      noValidate
      preventScrollReset
      onSubmit={sendOnce}
      className="mt-5 grid gap-6"
    >
      <input type="hidden" name="intent" value="save" />
      <AmountField
        name="hard_limit"
        label={text.hard}
        hint={text.hardHint(min, max)}
        value={fields.hard_limit}
        problem={say(problems.hard_limit)}
        isRequired
      />
      <PeriodChoice chosen={fields.period} problem={say(problems.period)} />
      <AmountField
        name="soft_limit"
        label={text.soft}
        hint={text.softHint}
        value={fields.soft_limit}
        problem={say(problems.soft_limit)}
      />
      <button type="submit" className="button justify-self-start" aria-disabled={isPending}>
        {isPending ? text.pending : text.save}
      </button>
    </Form>
  );
}
