import type { StripeConstructor } from "@stripe/stripe-js";

let loading: Promise<StripeConstructor> | null = null;

function load(url: string): Promise<StripeConstructor> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    const fail = () => {
      script.remove();
      // Whoever tries again may be connected again.
      loading = null;
      reject(new Error("Stripe's script could not be loaded"));
    };
    script.src = url;
    script.addEventListener("error", fail);
    script.addEventListener("load", () => (window.Stripe === undefined ? fail() : resolve(window.Stripe)));
    document.head.append(script);
  });
}

/** Stripe's script, loaded once, and not before somebody registers a card. */
export const loadStripe = (url: string): Promise<StripeConstructor> => (loading ??= load(url));
