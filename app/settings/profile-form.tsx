import { FieldFrame } from "../forms/field-frame.tsx";
import { OnceForm, SubmitButton } from "../forms/once-form.tsx";
import { useFirstRefused } from "../forms/use-first-refused.ts";
import { useText } from "../language/language.tsx";
import { ProblemNotice, type Description } from "../problems/problem-notice.tsx";
import { refusedFields } from "../problems/refused-fields.ts";
import { messages } from "./settings.messages.ts";
import { INTENTS, SETTINGS_PATH, type Profile, type ProfileFields } from "./settings.ts";

/** What GitHub says of somebody: to be seen here, and changed there. */
export function GithubFacts({ login, email }: Pick<Profile, "login" | "email">) {
  const text = useText(messages).profile;
  return (
    <>
      <dl className="mt-4 grid gap-3 text-sm sm:grid-cols-2">
        {[
          { name: text.login, value: login },
          { name: text.email, value: email },
        ].map(({ name, value }) => (
          <div key={name}>
            <dt className="text-soft">{name}</dt>
            <dd className="wrap-anywhere">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-2 text-sm text-soft">{text.fromGithub}</p>
    </>
  );
}

interface ProfileFormProps {
  readonly fields: ProfileFields;
  readonly problem: Description | null;
}

/** What somebody chooses of themselves. */
export function ProfileForm({ fields, problem }: ProfileFormProps) {
  const text = useText(messages).profile;
  const form = useFirstRefused(problem);
  const refused = refusedFields(problem);
  return (
    <OnceForm
      formRef={form}
      action={SETTINGS_PATH}
      field={INTENTS.profile}
      className="mt-5 grid gap-5"
      preventScrollReset
    >
      {(isPending) => (
        <>
          <ProblemNotice problem={problem} />
          <FieldFrame
            id="name"
            label={text.name}
            hint={text.nameHint}
            problem={refused.includes("name") ? text.nameProblem : null}
          >
            {(described) => (
              <input
                {...described}
                name="name"
                maxLength={100}
                autoComplete="name"
                defaultValue={fields.name}
                className="field"
              />
            )}
          </FieldFrame>
          <FieldFrame id="language" label={text.language} hint={text.languageHint} problem={null}>
            {(described) => (
              <select {...described} name="language" defaultValue={fields.language} className="field">
                <option value="en" lang="en">
                  English
                </option>
                <option value="ja" lang="ja">
                  日本語
                </option>
              </select>
            )}
          </FieldFrame>
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
