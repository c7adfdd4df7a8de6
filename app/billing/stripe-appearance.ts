import type { Appearance } from "@stripe/stripe-js";

const DARK = "(prefers-color-scheme: dark)";

/** The colours around a place in our page, for fields that are Stripe's. */
export function appearanceAt(place: HTMLElement): Appearance {
  const panel = getComputedStyle(place.closest(".panel") ?? document.body);
  const colorOf = (selector: string, property: "color" | "backgroundColor") => {
    const found = place.parentElement?.querySelector(selector) ?? null;
    return found === null ? {} : { [property]: getComputedStyle(found)[property] };
  };
  const { color: colorTextSecondary } = colorOf(".text-soft", "color");
  const { backgroundColor: colorPrimary } = colorOf(".button", "backgroundColor");
  return {
    theme: matchMedia(DARK).matches ? "night" : "stripe",
    variables: {
      colorBackground: panel.backgroundColor,
      colorText: panel.color,
      fontFamily: panel.fontFamily,
      borderRadius: "8px",
      ...(colorTextSecondary !== undefined && { colorTextSecondary }),
      ...(colorPrimary !== undefined && { colorPrimary }),
    },
  };
}

/** Calls when light becomes dark or dark light. Gives what ends it. */
export function onThemeChange(change: () => void): () => void {
  const query = matchMedia(DARK);
  query.addEventListener("change", change);
  return () => query.removeEventListener("change", change);
}
