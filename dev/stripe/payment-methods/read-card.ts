import { z } from "zod";
import { cardError, Refusal } from "../api/error.ts";
import { integer, text } from "../api/parameters.ts";
import { findCard, findCardByToken, type TestCard } from "./cards.ts";

/** A card as a form or stripe.js sends it, or a token in its place. */
export const cardParameters = z.strictObject({
  number: text.optional(),
  exp_month: integer.optional(),
  exp_year: integer.optional(),
  cvc: text.optional(),
  token: text.optional(),
});

export interface ReadCard {
  readonly card: TestCard;
  readonly expMonth: number;
  readonly expYear: number;
}

const refuse = (code: string, message: string, param: string) => cardError({ code, message, param });

const FULL_YEAR = 1_000;
const CENTURY = 2_000;
const MONTHS = 12;
const LONGEST_LIFE_YEARS = 50;

/** The check digit that every card number has. */
function isPlausible(number: string): boolean {
  if (!/^\d{12,19}$/.test(number)) return false;
  const sum = Array.from(number)
    .reverse()
    .reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  return sum % 10 === 0;
}

function findByNumber(number: string): TestCard {
  if (!isPlausible(number)) throw refuse("incorrect_number", "Your card number is incorrect.", "number");
  const card = findCard(number);
  if (card !== null) return card;
  throw cardError({
    code: "card_declined",
    decline_code: "test_mode_live_card",
    message: "Your card was declined. Your request was in test mode, but used a non test card.",
  });
}

function checkExpiry(month: number, year: number, now: Date): void {
  if (month < 1 || month > MONTHS)
    throw refuse("invalid_expiry_month", "Your card's expiration month is invalid.", "exp_month");
  const thisYear = now.getUTCFullYear();
  if (year < thisYear || year > thisYear + LONGEST_LIFE_YEARS)
    throw refuse("invalid_expiry_year", "Your card's expiration year is invalid.", "exp_year");
  if (year === thisYear && month <= now.getUTCMonth())
    throw refuse("invalid_expiry_month", "Your card's expiration month is invalid.", "exp_month");
}

const CVC = { amex: /^\d{3,4}$/, other: /^\d{3}$/ };

/** A token means a card that is good for some years yet. */
function fromToken(token: string, now: Date): ReadCard {
  const card = findCardByToken(token.replace(/^tok_/, "pm_card_"));
  if (card === null)
    throw new Refusal(400, {
      type: "invalid_request_error",
      code: "resource_missing",
      message: `No such token: '${token}'`,
      param: "card[token]",
    });
  return { card, expMonth: now.getUTCMonth() + 1, expYear: now.getUTCFullYear() + 1 };
}

/** @throws Refusal with what is wrong about the card */
export function readCard(sent: z.output<typeof cardParameters>, nowMs: number): ReadCard {
  const now = new Date(nowMs);
  if (sent.token !== undefined) return fromToken(sent.token, now);
  const number = (sent.number ?? "").replace(/[ -]/g, "");
  if (number === "")
    throw refuse("invalid_number", "The card number is not a valid credit card number.", "number");
  const card = findByNumber(number);
  const typedYear = sent.exp_year ?? 0;
  const expYear = typedYear < FULL_YEAR ? typedYear + CENTURY : typedYear;
  const expMonth = sent.exp_month ?? 0;
  checkExpiry(expMonth, expYear, now);
  const form = card.brand === "amex" ? CVC.amex : CVC.other;
  if (sent.cvc !== undefined && !form.test(sent.cvc))
    throw refuse("invalid_cvc", "Your card's security code is invalid.", "cvc");
  return { card, expMonth, expYear };
}
