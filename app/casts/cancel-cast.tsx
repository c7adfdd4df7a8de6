import { AskLink } from "../forms/ask-link.tsx";
import { OnceForm, SubmitButton } from "../forms/once-form.tsx";
import { useFormats, useText } from "../language/language.tsx";
import { messages } from "./cancel-cast.messages.ts";
import type { CastShown } from "./cast-facts.tsx";

type Cast = Pick<CastShown, "id" | "spell_name" | "created_at">;

export const cancelPath = (id: string): string => `/dashboard/casts/${id}/cancel`;

/** What cancelling does, and the button that does it: on its page, and in its dialog. */
export function CancelQuestion({ id }: { readonly id: string }) {
  const text = useText(messages);
  return (
    <>
      <p className="mt-3">{text.explain}</p>
      <OnceForm action={cancelPath(id)} className="mt-5">
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

/** Asks whether a queued cast is to be cancelled. */
export function CancelLink({ cast }: { readonly cast: Cast }) {
  const text = useText(messages);
  const { dayAndTime } = useFormats();
  return (
    <AskLink
      to={cancelPath(cast.id)}
      className="button button-danger inline-block"
      text={text.ask}
      label={text.askOf(cast.spell_name, dayAndTime(cast.created_at))}
      heading={text.heading(cast.spell_name)}
      cancel={text.keep}
    >
      <CancelQuestion id={cast.id} />
    </AskLink>
  );
}
