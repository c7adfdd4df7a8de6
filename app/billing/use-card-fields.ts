import type { Stripe, StripeElements, StripePaymentElementOptions } from "@stripe/stripe-js";
import { useEffect, useRef, useState, type RefObject } from "react";
import type { StripeScript } from "../../server/trpc/portal-context.ts";
import { useLanguage } from "../language/language.tsx";
import { loadStripe } from "./load-stripe.ts";
import { appearanceAt, onThemeChange } from "./stripe-appearance.ts";

/** What is saved is a card, which is charged without its owner present: no wallets. */
const OPTIONS: StripePaymentElementOptions = {
  layout: "tabs",
  wallets: { applePay: "never", googlePay: "never" },
};

/** Stripe's fields in our page. */
export interface Mounted {
  readonly stripe: Stripe;
  readonly elements: StripeElements;
}

interface CardFields {
  readonly place: RefObject<HTMLDivElement>;
  readonly state: "loading" | "ready" | "failed";
  readonly mounted: RefObject<Mounted | null>;
}

/** Stripe's fields for a card, of one set-up. What is typed into them never reaches our page. */
export function useCardFields({ url, publishableKey }: StripeScript, clientSecret: string): CardFields {
  const locale = useLanguage();
  const place = useRef<HTMLDivElement>(null);
  const mounted = useRef<Mounted | null>(null);
  const [state, setState] = useState<CardFields["state"]>("loading");
  useEffect(() => {
    let isGone = false;
    const ends: (() => void)[] = [];
    const mount = (stripe: Stripe, parent: HTMLElement) => {
      const elements = stripe.elements({ clientSecret, appearance: appearanceAt(parent) });
      const fields = elements.create("payment", OPTIONS);
      fields.on("ready", () => {
        setState("ready");
        fields.focus();
      });
      fields.on("loaderror", () => setState("failed"));
      fields.mount(parent);
      mounted.current = { stripe, elements };
      ends.push(
        () => fields.destroy(),
        onThemeChange(() => void elements.update({ appearance: appearanceAt(parent) })),
      );
    };
    loadStripe(url)
      .then((makeStripe) => {
        if (!isGone && place.current !== null) mount(makeStripe(publishableKey, { locale }), place.current);
      })
      .catch(() => {
        if (!isGone) setState("failed");
      });
    return () => {
      isGone = true;
      mounted.current = null;
      for (const end of ends) end();
    };
  }, [url, publishableKey, clientSecret, locale]);
  return { place, state, mounted };
}
