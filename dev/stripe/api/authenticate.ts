import { createHash, timingSafeEqual } from "node:crypto";
import { Refusal } from "./error.ts";

export interface Keys {
  readonly secretKey: string;
  readonly publishableKey: string;
}

const digest = (text: string) => createHash("sha256").update(text).digest();
const isSame = (one: string, other: string) => timingSafeEqual(digest(one), digest(other));

/** Enough of a key to know it again, and too little to use it. */
const masked = (key: string) => `${key.slice(0, 8)}${"*".repeat(12)}${key.slice(-4)}`;

/** The key of a header: as a bearer's token, or as the name of Basic authentication. */
function keyOf(header: string | undefined): string | null {
  const [, scheme = "", value = ""] = /^(bearer|basic) +(\S+)$/i.exec(header ?? "") ?? [];
  if (value === "") return null;
  if (scheme.toLowerCase() === "bearer") return value;
  return Buffer.from(value, "base64").toString().split(":")[0] ?? null;
}

/** Says whether the call comes from a page. @throws Refusal unless one of the two keys was shown */
export function authenticate(header: string | undefined, keys: Keys): "secret" | "publishable" {
  const key = keyOf(header);
  if (key === null)
    throw new Refusal(401, {
      type: "invalid_request_error",
      message:
        "You did not provide an API key. You need to provide your API key in the Authorization header, " +
        "using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
    });
  if (isSame(key, keys.secretKey)) return "secret";
  if (isSame(key, keys.publishableKey)) return "publishable";
  throw new Refusal(401, {
    type: "invalid_request_error",
    message: `Invalid API Key provided: ${masked(key)}`,
  });
}

/** @throws Refusal: a key that everybody may know was shown where only our own will do */
export function refusePages(): never {
  throw new Refusal(403, {
    type: "invalid_request_error",
    code: "secret_key_required",
    message:
      "This API call cannot be made with a publishable API key. Please use a secret API key. " +
      "You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.",
  });
}
