import { useText } from "../language/language.tsx";
import { messages } from "./card.messages.ts";
import { CARD_PATH } from "./card.ts";

/** Leads to Stripe's page, on which the card is given. It leads to another origin, so the browser itself sends it. */
export function RegisterCard({ hasCard }: { readonly hasCard: boolean }) {
  const text = useText(messages);
  return (
    <form method="post" action={CARD_PATH} className="mt-4">
      <button type="submit" className={hasCard ? "button button-quiet" : "button"}>
        {hasCard ? text.replace : text.register}
      </button>
    </form>
  );
}
