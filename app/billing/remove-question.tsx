import { OnceForm, SubmitButton } from "../forms/once-form.tsx";
import { useFormats, useText } from "../language/language.tsx";
import { messages } from "./card.messages.ts";
import { REMOVAL_PATH } from "./card.ts";

/** What a removal does, and the button that does it: on its page, and in its dialog. */
export function RemoveQuestion({ allowanceCents }: { readonly allowanceCents: number }) {
  const text = useText(messages).removal;
  return (
    <>
      <p className="mt-3">{text.collects}</p>
      <p className="mt-2">{text.after(useFormats().cents(allowanceCents))}</p>
      <OnceForm action={REMOVAL_PATH} className="mt-5">
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
