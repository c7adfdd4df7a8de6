/** What is typed into the three fields, and how complete it is. */
import { describeProblem } from "../pages/card-problems.ts";
import type { Language } from "../pages/wording.ts";
import type { CardState } from "./messages.ts";

export interface Typed {
  readonly number: string;
  readonly expiry: string;
  readonly cvc: string;
}

const GROUPS = /(\d{4})(?=\d)/g;
const LONGEST_NUMBER = 19;
const SHORTEST_NUMBER = 14;
const EXPIRY_DIGITS = 4;

const digitsOf = (text: string): string => text.replace(/\D/g, "");

/** A number in groups of four. */
export const formatNumber = (text: string): string =>
  digitsOf(text).slice(0, LONGEST_NUMBER).replace(GROUPS, "$1 ");

/** Month and year with a stroke between them; a month that can only be one digit gets its zero. */
export function formatExpiry(text: string): string {
  const typed = digitsOf(text);
  const digits = (/^[2-9]/.test(typed) ? `0${typed}` : typed).slice(0, EXPIRY_DIGITS);
  return digits.length > 2 ? `${digits.slice(0, 2)} / ${digits.slice(2)}` : digits;
}

export const formatCvc = (text: string): string => digitsOf(text).slice(0, EXPIRY_DIGITS);

/** Which field is wrong, and how it is called; null: each of them can be right. */
function findProblem({ number, expiry, cvc }: Typed): "number" | "expiry" | "cvc" | null {
  if (digitsOf(number).length < SHORTEST_NUMBER) return "number";
  if (digitsOf(expiry).length < EXPIRY_DIGITS) return "expiry";
  return digitsOf(cvc).length < 3 ? "cvc" : null;
}

export function stateOf(typed: Typed, language: Language): CardState & { readonly field: string | null } {
  const field = findProblem(typed);
  const code = `incomplete_${String(field)}`;
  return {
    isEmpty: Object.values(typed).every((value: string) => value === ""),
    isComplete: field === null,
    problem: field === null ? null : { code, message: describeProblem({ code }, language) },
    field,
  };
}

/** The fields of the API for a card. */
export function fieldsOf({ number, expiry, cvc }: Typed): Readonly<Record<string, string>> {
  const digits = digitsOf(expiry);
  return {
    "payment_method_data[type]": "card",
    "payment_method_data[card][number]": digitsOf(number),
    "payment_method_data[card][exp_month]": digits.slice(0, 2),
    "payment_method_data[card][exp_year]": digits.slice(2),
    "payment_method_data[card][cvc]": digitsOf(cvc),
  };
}
