/** The frame that holds a card: the page around it never sees a number. */
import type { Appearance } from "@stripe/stripe-js";
import { describeProblem } from "../pages/card-problems.ts";
import { languageOf } from "../pages/wording.ts";
import { confirm } from "./call-api.ts";
import { fieldsOf, formatCvc, formatExpiry, formatNumber, stateOf, type Typed } from "./card-input.ts";
import { listen, type ConfirmRequest, type FromFrame, type SetupAnswer, type ToFrame } from "./messages.ts";

const FORMATS = { number: formatNumber, expiry: formatExpiry, cvc: formatCvc };
type Field = keyof typeof FORMATS;
const FIELDS: readonly Field[] = ["number", "expiry", "cvc"];

const page = document.currentScript?.dataset["for"] ?? "";
const language = languageOf(document.documentElement.lang, undefined);

function inputOf(field: Field): HTMLInputElement {
  const found = document.querySelector<HTMLInputElement>(`input[name=${field}]`);
  if (found === null) throw new Error(`The frame has no field ${field}.`);
  return found;
}

const tell = (message: FromFrame): void => parent.postMessage(message, page);

const typed = (): Typed => ({
  number: inputOf("number").value,
  expiry: inputOf("expiry").value,
  cvc: inputOf("cvc").value,
});

const tellHeight = (): void => tell({ kind: "height", heightPx: document.documentElement.scrollHeight });

/** Says beside a field what is wrong with it, or takes that back. */
function mark(wrong: string | null, sentence: string): void {
  const line = document.querySelector<HTMLElement>("#problem");
  if (line === null) return;
  line.textContent = wrong === null ? "" : sentence;
  for (const field of FIELDS) {
    const input = inputOf(field);
    input.toggleAttribute("aria-describedby", false);
    input.toggleAttribute("aria-invalid", false);
    if (field !== wrong) continue;
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", "problem");
  }
  tellHeight();
}

const fieldOf = (param: string | undefined): Field =>
  param === "cvc" ? "cvc" : param?.startsWith("exp_") === true ? "expiry" : "number";

function validate() {
  const state = stateOf(typed(), language);
  mark(state.field, state.problem?.message ?? "");
  return state;
}

/** The sentence of an error is given in the page's language. */
function translated(answer: SetupAnswer): SetupAnswer {
  if (answer.error === undefined) return answer;
  const message = describeProblem(answer.error, language);
  if (answer.error.type === "card_error") mark(fieldOf(answer.error.param), message);
  return { error: { ...answer.error, message } };
}

async function confirmCard(request: ConfirmRequest): Promise<SetupAnswer> {
  const { problem } = validate();
  if (problem !== null) return { error: { type: "validation_error", ...problem } };
  const billing = Object.entries(request.billingDetails).map(
    ([name, value]) => [`payment_method_data[billing_details][${name}]`, value] as const,
  );
  return translated(
    await confirm(location.origin, request.publishableKey, request.clientSecret, {
      ...fieldsOf(typed()),
      ...Object.fromEntries(billing),
      return_url: request.returnUrl,
    }),
  );
}

/** The variables of an appearance that this page has too. */
const PROPERTIES: Readonly<Record<string, string>> = {
  colorBackground: "--panel",
  colorText: "--ink",
  colorTextSecondary: "--soft",
  colorPrimary: "--accent",
  colorDanger: "--danger",
};

function dress({ theme, variables = {} }: Appearance): void {
  const { style } = document.documentElement;
  if (theme === "night") style.setProperty("color-scheme", "dark");
  for (const [name, value] of Object.entries(variables)) {
    const property = PROPERTIES[name];
    if (property !== undefined && value) style.setProperty(property, value);
  }
  if (variables.fontFamily) document.body.style.setProperty("font-family", variables.fontFamily);
  if (variables.fontSizeBase) document.body.style.setProperty("font-size", variables.fontSizeBase);
  if (variables.borderRadius)
    for (const field of FIELDS) inputOf(field).style.setProperty("border-radius", variables.borderRadius);
  tellHeight();
}

function clear(): void {
  for (const field of FIELDS) inputOf(field).value = "";
  mark(null, "");
}

function hear(message: ToFrame): void {
  switch (message.kind) {
    case "appearance":
      dress(message.appearance);
      break;
    case "focus":
      inputOf("number").focus();
      break;
    case "blur":
      for (const field of FIELDS) inputOf(field).blur();
      break;
    case "clear":
      clear();
      break;
    case "validate":
      tell({ kind: "validated", call: message.call, state: validate() });
      break;
    case "confirm":
      void confirmCard(message.request).then((answer) =>
        tell({ kind: "confirmed", call: message.call, answer }),
      );
  }
}

for (const field of FIELDS) {
  const input = inputOf(field);
  input.addEventListener("input", () => {
    input.value = FORMATS[field](input.value);
    if (input.hasAttribute("aria-invalid")) mark(null, "");
    tell({ kind: "change", state: stateOf(typed(), language) });
  });
  input.addEventListener("focus", () => tell({ kind: "focus" }));
  input.addEventListener("blur", () => tell({ kind: "blur" }));
  input.addEventListener("keydown", ({ key }) => {
    if (key === "Enter") tell({ kind: "submit" });
  });
}
listen<ToFrame>(() => parent, page, hear);
new ResizeObserver(tellHeight).observe(document.body);
tellHeight();
tell({ kind: "ready" });
