import type { SetupIntent, StripeError } from "@stripe/stripe-js";
import type { SetupAnswer } from "./messages.ts";

/** A form of the names and values, without those that are null. */
const formOf = (fields: Readonly<Record<string, string | null>>): URLSearchParams =>
  new URLSearchParams(Object.entries(fields).filter((pair): pair is [string, string] => pair[1] !== null));

const BROKEN: StripeError = {
  type: "api_connection_error",
  message:
    "We are experiencing issues connecting to our payments provider. Please check your internet connection and try again.",
};

async function ask(url: string, init: RequestInit): Promise<SetupAnswer> {
  try {
    const response = await fetch(url, init);
    // The API answers with an object of the kind asked for, or with an error.
    const body = (await response.json()) as SetupIntent | { error: StripeError };
    return "error" in body ? { error: body.error } : { setupIntent: body };
  } catch {
    return { error: BROKEN };
  }
}

const headersOf = (publishableKey: string) => ({ Authorization: `Bearer ${publishableKey}` });

const addressOf = (api: string, clientSecret: string): string =>
  `${api}/v1/setup_intents/${encodeURIComponent(clientSecret.split("_secret_")[0] ?? "")}`;

/** Asks how a setup intent stands. */
export const retrieve = (api: string, publishableKey: string, clientSecret: string): Promise<SetupAnswer> =>
  ask(`${addressOf(api, clientSecret)}?${formOf({ client_secret: clientSecret })}`, {
    headers: headersOf(publishableKey),
  });

/** Confirms a setup intent with these fields. */
export const confirm = (
  api: string,
  publishableKey: string,
  clientSecret: string,
  fields: Readonly<Record<string, string | null>>,
): Promise<SetupAnswer> =>
  ask(`${addressOf(api, clientSecret)}/confirm`, {
    method: "POST",
    headers: headersOf(publishableKey),
    body: formOf({ ...fields, client_secret: clientSecret, use_stripe_sdk: "true" }),
  });
