import { OnceForm, SubmitButton } from "../forms/once-form.tsx";
import { useText } from "../language/language.tsx";
import { ProblemNotice, type Description } from "../problems/problem-notice.tsx";
import { refusedFields } from "../problems/refused-fields.ts";
import { ExpiryInput, LimitInput, NameInput, ScopeInputs } from "./key-inputs.tsx";
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
  const refused = refusedFields(problem);
  const form = useFirstRefused(problem);
  return (
    <OnceForm formRef={form} action={KEYS_PATH} className="mt-4 grid gap-5" preventScrollReset>
      {(isPending) => (
        <>
          <ProblemNotice problem={problem} />
          <input type="hidden" name="form_id" value={formId} />
          <NameInput typed={fields.name} isRefused={refused.includes("name")} />
          <div className="grid gap-5 sm:grid-cols-2">
            <ExpiryInput typed={fields.expires} isRefused={refused.includes("expires_at")} today={today} />
            <LimitInput typed={fields.limit} isRefused={refused.includes("monthly_limit_cents")} />
          </div>
          <ScopeInputs chosen={fields.scopes} isRefused={refused.includes("scopes")} />
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
