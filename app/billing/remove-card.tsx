import { AskLink } from "../forms/ask-link.tsx";
import { useText } from "../language/language.tsx";
import { messages } from "./card.messages.ts";
import { REMOVAL_PATH } from "./card.ts";
import { RemoveQuestion } from "./remove-question.tsx";

/** Leads to the question before a card is removed. */
export function RemoveCard({ allowanceCents }: { readonly allowanceCents: number }) {
  const text = useText(messages).removal;
  return (
    <AskLink
      to={REMOVAL_PATH}
      className="button button-danger inline-block"
      text={text.ask}
      label={text.ask}
      heading={text.title}
      cancel={text.cancel}
    >
      <RemoveQuestion allowanceCents={allowanceCents} />
    </AskLink>
  );
}
