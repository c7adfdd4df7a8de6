import { html } from "hono/html";
import { z } from "zod";
import type { Content } from "./frame.ts";
import { wordingOf, type Language } from "./wording.ts";

const INPUTS = [
  { name: "number", autocomplete: "cc-number", placeholder: "4242 4242 4242 4242" },
  { name: "expiry", autocomplete: "cc-exp", placeholder: "12 / 40" },
  { name: "cvc", autocomplete: "cc-csc", placeholder: "123" },
] as const;

export type CardField = (typeof INPUTS)[number]["name"];

/** The field that an error of the API is about. */
export const fieldOf = (param: string | undefined): CardField =>
  param === "cvc" ? "cvc" : param?.startsWith("exp_") === true ? "expiry" : "number";

export interface CardProblem {
  readonly field: CardField;
  readonly sentence: string;
}

/** The three fields of a card, and what is wrong with one of them. */
export function cardFields(language: Language, problem: CardProblem | null): Content {
  const wording = wordingOf(language);
  return html`${INPUTS.map(({ name, autocomplete, placeholder }) => {
    const isWrong = problem?.field === name;
    return html`<label for="${name}">${wording[name]}</label>
      <input
        id="${name}"
        name="${name}"
        inputmode="numeric"
        autocomplete="${autocomplete}"
        placeholder="${placeholder}"
        required
        ${isWrong ? html`aria-invalid="true" aria-describedby="problem" autofocus` : ""}
      />
      ${isWrong ? html`<p id="problem" class="problem" role="alert">${problem.sentence}</p>` : ""}`;
  })}`;
}

const posted = z.object({ number: z.string(), expiry: z.string(), cvc: z.string() });

/** A card as such a form sends it. What is no date becomes month 0, which no card has. */
export function readCardForm(form: unknown) {
  const { number, expiry, cvc } = posted.parse(form);
  const [, month = "0", year = "0"] = /^\s*(\d{1,2})\s*[/ -]?\s*(\d{2}|\d{4})\s*$/.exec(expiry) ?? [];
  return { number, exp_month: Number(month), exp_year: Number(year), cvc: cvc.trim() };
}
