/** An amount as a person types it: `100`, `100.50`, `$1,000`, also in full-width characters, as Japanese keyboards give. */
export type TypedAmount =
  | { readonly kind: "empty" | "unreadable" | "too-exact" }
  | { readonly kind: "amount"; readonly cents: number };

const AMOUNT =
  /^(?:us)?\s*\$?\s*(?<whole>\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.(?<part>\d*))?\s*(?:usd|dollars?|ドル)?$/i;

/** Reads dollars and cents, without arithmetic on fractions. */
export function readDollars(typed: string): TypedAmount {
  // NFKC makes full-width digits, points, commas and dollar signs the plain ones.
  const text = typed.normalize("NFKC").replaceAll("。", ".").replaceAll("、", ",").trim();
  if (text === "") return { kind: "empty" };
  const groups = AMOUNT.exec(text)?.groups;
  if (groups === undefined) return { kind: "unreadable" };
  const part = groups["part"] ?? "";
  if (part.length > 2) return { kind: "too-exact" };
  const whole = Number((groups["whole"] ?? "").replaceAll(",", ""));
  return { kind: "amount", cents: whole * 100 + Number(part.padEnd(2, "0")) };
}

/** Cents as they stand in the field: `100`, `100.50`. */
export function writeDollars(cents: number): string {
  const [whole, part] = [Math.trunc(cents / 100), cents % 100];
  return part === 0 ? String(whole) : `${whole}.${String(part).padStart(2, "0")}`;
}
