import { useLocation } from "@remix-run/react";
import type { StripeScript } from "../../server/trpc/portal-context.ts";
import { useFormats, useText } from "../language/language.tsx";
import { brandName } from "./card-name.ts";
import { messages } from "./card.messages.ts";
import type { Card } from "./card.ts";
import type { Settings } from "./limit-fields.ts";
import { RegisterCard } from "./register-card.tsx";
import { RemoveCard } from "./remove-card.tsx";

function OnFile({ card }: { readonly card: Card }) {
  const text = useText(messages);
  const month = String(card.exp_month).padStart(2, "0");
  return (
    <>
      <p className="mt-2 font-semibold">{text.onFile(brandName(card.brand, text.card), card.last4)}</p>
      <p className="text-sm text-soft">
        {text.expires(month, String(card.exp_year))} {text.use}
      </p>
    </>
  );
}

function NoCard({ settings }: { readonly settings: Settings }) {
  const text = useText(messages);
  const formats = useFormats();
  return (
    <>
      <p className="mt-2 font-semibold">{text.none}</p>
      <p className="text-sm text-soft">
        {text.without(formats.cents(settings.allowance_cents))}{" "}
        {settings.budget === null
          ? text.withDefault(formats.cents(settings.default_limit_cents))
          : text.withOwn}
      </p>
    </>
  );
}

interface CardSectionProps {
  readonly card: Card | null;
  readonly settings: Settings;
  readonly isClosing: boolean;
  readonly takesCards: boolean;
  readonly script: StripeScript | null;
}

/** The card on file, or what it means that there is none, and the ways to change that. */
export function CardSection({ card, settings, isClosing, takesCards, script }: CardSectionProps) {
  const text = useText(messages);
  // Whatever was done leads to this page anew, with no form open.
  const { key } = useLocation();
  return (
    <section id="card" aria-labelledby="card-heading" className="panel mt-6 p-5">
      <h2 id="card-heading" className="text-lg font-semibold">
        {text.heading}
      </h2>
      {card === null ? <NoCard settings={settings} /> : <OnFile card={card} />}
      {isClosing && <p className="notice notice-warn mt-4">{text.closing}</p>}
      {!takesCards && <p className="mt-2 text-sm text-soft">{text.unavailable}</p>}
      {takesCards && !isClosing && (
        <>
          <div className="mt-4 flex flex-wrap items-start gap-3">
            <RegisterCard key={key} hasCard={card !== null} script={script} />
            {card !== null && <RemoveCard allowanceCents={settings.allowance_cents} />}
          </div>
          <p className="mt-4 text-sm text-soft">{text.keeper}</p>
        </>
      )}
    </section>
  );
}
