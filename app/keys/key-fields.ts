/** A key's form: its fields as they were typed, and what they ask for. */
import { textIn } from "../forms/text-in.ts";
import { SCOPES, type Key, type Scope } from "./key.ts";

export interface KeyFields {
  readonly name: string;
  /** A day as `2027-01-31`; empty for never. */
  readonly expires: string;
  /** Dollars; empty for no limit. */
  readonly limit: string;
  readonly scopes: readonly Scope[];
}

const NEW_KEY: KeyFields = { name: "", expires: "", limit: "", scopes: ["cast", "read"] };

/** Reads the fields of a form, or of an address that fills the form. */
export function readKeyFields(given: FormData | URLSearchParams): KeyFields {
  const chosen = given.getAll("scope");
  return {
    name: textIn(given, "name"),
    expires: textIn(given, "expires"),
    limit: textIn(given, "limit"),
    scopes: SCOPES.filter((scope) => chosen.includes(scope)),
  };
}

/** What the form of a new key shows at first: what its address says, where it says anything. */
export const firstFields = (query: URLSearchParams): KeyFields =>
  query.has("name") ? readKeyFields(query) : NEW_KEY;

/** Typed dollars in cents: null for nothing, NaN for what is no amount of whole cents, which no verb takes. */
export function centsOf(typed: string): number | null {
  const amount = typed.normalize("NFKC").trim();
  if (amount === "") return null;
  const [, dollars, cents = ""] = /^\$?\s*(\d{1,7})(?:\.(\d{1,2}))?$/.exec(amount) ?? [];
  return dollars === undefined ? NaN : Number(dollars + cents.padEnd(2, "0"));
}

/** Cents as the limit's field shows them. */
export function typedCents(cents: number | null): string {
  if (cents === null) return "";
  const digits = String(cents).padStart(3, "0");
  const [dollars, rest] = [digits.slice(0, -2), digits.slice(-2)];
  return rest === "00" ? dollars : `${dollars}.${rest}`;
}

/** A key as its form shows it at first. */
export const storedFields = (
  key: Pick<Key, "name" | "expires_at" | "monthly_limit_cents" | "scopes">,
): KeyFields => ({
  name: key.name,
  expires: key.expires_at?.slice(0, "2027-01-31".length) ?? "",
  limit: typedCents(key.monthly_limit_cents),
  scopes: key.scopes,
});

/** A chosen day as the moment at which it ends in UTC; what is no day stays as it is, and no verb takes it. */
const endOfDay = (day: string): string | null => {
  if (day === "") return null;
  return /^\d{4}-\d{2}-\d{2}$/.test(day) ? `${day}T23:59:59Z` : day;
};

/** What a filled form asks for. The verb that gets it says what of it is not right. */
export const wishesOf = ({ name, expires, limit, scopes }: KeyFields) => ({
  name,
  expires_at: endOfDay(expires),
  monthly_limit_cents: centsOf(limit),
  scopes: [...scopes],
});

/** What a filled form changes. A key's end may be within a day: it stays as it is when its day does. */
export function changeOf(stored: KeyFields, typed: KeyFields) {
  const { expires_at, ...others } = wishesOf(typed);
  return typed.expires === stored.expires ? others : { ...others, expires_at };
}
