/** What the script in somebody's page and the emulator's frames say to each other. */
import type { Appearance, SetupIntent, StripeError } from "@stripe/stripe-js";

/** How complete the card in the frame is. */
export interface CardState {
  readonly isEmpty: boolean;
  readonly isComplete: boolean;
  readonly problem: { readonly code: string; readonly message: string } | null;
}

/** What is to be confirmed with the card that the frame holds. */
export interface ConfirmRequest {
  readonly publishableKey: string;
  readonly clientSecret: string;
  readonly returnUrl: string | null;
  readonly billingDetails: Readonly<Record<string, string>>;
}

export type SetupAnswer =
  | { readonly setupIntent: SetupIntent; readonly error?: undefined }
  | { readonly setupIntent?: undefined; readonly error: StripeError };

/** From the page to the frame of the card. Those with a number are answered with it. */
export type ToFrame =
  | { readonly kind: "appearance"; readonly appearance: Appearance }
  | { readonly kind: "focus" | "blur" | "clear" }
  | { readonly kind: "validate"; readonly call: number }
  | { readonly kind: "confirm"; readonly call: number; readonly request: ConfirmRequest };

/** From a frame to the page. */
export type FromFrame =
  | { readonly kind: "ready" | "focus" | "blur" | "submit" | "authenticated" }
  | { readonly kind: "height"; readonly heightPx: number }
  | { readonly kind: "change"; readonly state: CardState }
  | { readonly kind: "validated"; readonly call: number; readonly state: CardState }
  | { readonly kind: "confirmed"; readonly call: number; readonly answer: SetupAnswer };

/** Listens to one window of one origin, and to nobody else. Gives what ends it. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the other side of a window has no type
export function listen<Message extends ToFrame | FromFrame>(
  from: () => MessageEventSource | null | undefined,
  origin: string,
  hear: (message: Message) => void,
): () => void {
  // Whoever sends from that origin has this script from there too: they speak the same messages.
  const onMessage = ({ source, origin: sender, data }: MessageEvent<Message>) => {
    if (sender === origin && source !== null && source === from()) hear(data);
  };
  addEventListener("message", onMessage);
  return () => removeEventListener("message", onMessage);
}
