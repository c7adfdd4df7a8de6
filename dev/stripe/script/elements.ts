import type { Appearance } from "@stripe/stripe-js";
import { languageOf } from "../pages/wording.ts";
import { CardElement, type ElementType } from "./element.ts";

export interface ElementsOptions {
  readonly clientSecret?: string;
  readonly locale?: string;
  readonly appearance?: Appearance;
}

/** The elements of one form. */
export class Elements {
  readonly #origin: string;
  readonly #options: ElementsOptions;
  readonly #made = new Map<ElementType, CardElement>();

  constructor(origin: string, options: ElementsOptions) {
    this.#origin = origin;
    this.#options = options;
  }

  get clientSecret(): string | undefined {
    return this.#options.clientSecret;
  }

  create(type: ElementType): CardElement {
    if (this.#made.has(type)) throw new Error(`Can only create one Element of type ${type}.`);
    const { locale, appearance = {} } = this.#options;
    const element = new CardElement(type, this.#origin, languageOf(locale, navigator.language), appearance);
    this.#made.set(type, element);
    return element;
  }

  getElement(type: ElementType): CardElement | null {
    return this.#made.get(type) ?? null;
  }

  /** The one that holds a card. */
  get card(): CardElement | null {
    return this.getElement("payment") ?? this.getElement("card");
  }

  update(): void {
    // What can be changed of elements afterwards, these do not have.
  }

  fetchUpdates(): Promise<object> {
    return Promise.resolve({});
  }

  /** Checks what was typed, before anything is confirmed. */
  async submit(): Promise<object> {
    const state = await this.card?.validate();
    if (state?.problem == null) return { selectedPaymentMethod: "card" };
    return { error: { type: "validation_error", ...state.problem } };
  }
}
