import { OnceForm, SubmitButton } from "../forms/once-form.tsx";
import { useLanguage, useText } from "../language/language.tsx";
import { durationIn } from "./duration.ts";
import { messages } from "./key.messages.ts";
import { keyPath } from "./key.ts";

/** What a rotation does, and the button that does it: on its page, and in its dialog. */
export function RotateQuestion({
  prefix,
  graceSeconds,
}: {
  readonly prefix: string;
  readonly graceSeconds: number;
}) {
  const text = useText(messages).rotate;
  const language = useLanguage();
  return (
    <>
      <p className="mt-3">{text.explain}</p>
      <p className="mt-2">
        {graceSeconds === 0 ? text.noGrace : text.grace(durationIn(language, graceSeconds))} {text.older}
      </p>
      <OnceForm action={keyPath(prefix, "rotate")} className="mt-5">
        {(isPending) => <SubmitButton isPending={isPending} text={text.button} pendingText={text.pending} />}
      </OnceForm>
    </>
  );
}

/** What a revocation does, and the button that does it: on its page, and in its dialog. */
export function RevokeQuestion({ prefix }: { readonly prefix: string }) {
  const text = useText(messages).revoke;
  return (
    <>
      <p className="mt-3">{text.explain}</p>
      <OnceForm action={keyPath(prefix, "revoke")} className="mt-5">
        {(isPending) => (
          <SubmitButton
            isPending={isPending}
            text={text.button}
            pendingText={text.pending}
            className="button-danger"
          />
        )}
      </OnceForm>
    </>
  );
}
