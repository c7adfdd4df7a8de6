import { OnceForm, SubmitButton } from "../forms/once-form.tsx";
import { useText } from "../language/language.tsx";
import { ProblemNotice, type Description } from "../problems/problem-notice.tsx";
import { AllInputs } from "./all-inputs.tsx";
import type { KeyFields } from "./key-fields.ts";
import { messages } from "./key.messages.ts";
import { KEYS_PATH } from "./key.ts";
import { useFirstRefused } from "../forms/use-first-refused.ts";

interface KeyFormProps {
  /** Makes one key of however many times the form is sent. */
  readonly formId: string;
  readonly fields: KeyFields;
  readonly problem: Description | null;
  readonly today: string;
}

/** The form of a new key. */
export function KeyForm({ formId, fields, problem, today }: KeyFormProps) {
  const text = useText(messages).create;
  const form = useFirstRefused(problem);
  return (
    <OnceForm formRef={form} action={KEYS_PATH} className="mt-4 grid gap-5" preventScrollReset>
      {(isPending) => (
        <>
          <ProblemNotice problem={problem} />
          <input type="hidden" name="form_id" value={formId} />
          <AllInputs fields={fields} problem={problem} earliestDay={today} />
          <SubmitButton
            isPending={isPending}
            text={text.button}
            pendingText={text.pending}
            className="justify-self-start"
          />
        </>
      )}
    </OnceForm>
  );
}
