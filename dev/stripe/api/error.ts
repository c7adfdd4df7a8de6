import type Stripe from "stripe";

type Status = 400 | 401 | 402 | 403 | 404 | 409 | 429 | 500;

export interface ErrorBody {
  readonly type: "api_error" | "card_error" | "idempotency_error" | "invalid_request_error";
  readonly message: string;
  readonly code?: string;
  readonly decline_code?: string;
  readonly param?: string;
  readonly charge?: string;
  readonly setup_intent?: Stripe.SetupIntent;
  readonly payment_intent?: Stripe.PaymentIntent;
  readonly payment_method?: Stripe.PaymentMethod;
}

/** What the request had to say for a refusal, and how Stripe remembers it. */
interface Options {
  /** What was done before it stays done: a card was asked and has declined. */
  readonly keepsWork?: boolean;
  /** It was refused before any work, so an idempotency key does not remember it. */
  readonly isValidation?: boolean;
}

/** A refusal, with the object that the API gives for it. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: Status;
  readonly body: ErrorBody;
  readonly keepsWork: boolean;
  readonly isValidation: boolean;

  constructor(status: Status, body: ErrorBody, { keepsWork = false, isValidation = false }: Options = {}) {
    super(body.message);
    this.status = status;
    this.body = body;
    this.keepsWork = keepsWork;
    this.isValidation = isValidation;
  }
}

/** A request that makes no sense. */
export const invalidRequest = (message: string, more: Partial<ErrorBody> = {}): Refusal =>
  new Refusal(400, { type: "invalid_request_error", message, ...more });

/** The object of the address is not there: 404. In a parameter it is 400. */
export const missing = (what: string, id: string, param?: string): Refusal =>
  new Refusal(param === undefined ? 404 : 400, {
    type: "invalid_request_error",
    code: "resource_missing",
    message: `No such ${what}: '${id}'`,
    param: param ?? "id",
  });

/** A card that was asked and did not pay. What led to it stays. */
export const cardError = (body: Omit<ErrorBody, "type">): Refusal =>
  new Refusal(402, { type: "card_error", ...body }, { keepsWork: true });
