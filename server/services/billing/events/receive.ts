import Stripe from "stripe";
import { z } from "zod";
import { InvalidSignature } from "../../../billing-errors.ts";
import { keyMode } from "../../../config.ts";
import type { Platform } from "../../../context.ts";
import type { NewStripeEvent, StripeEventStore } from "../../../db/stripe-events.ts";
import { MalformedBody } from "../../../errors.ts";
import { labelOf } from "./handlers.ts";

const TOLERANCE_S = 300;

/** What we keep of an event: the rest is asked of Stripe when it is handled, by the id of what it is about. */
const eventShape = z.object({
  id: z.string().regex(/^evt_\w{1,200}$/),
  type: z.string().regex(/^[a-z0-9_.]{1,100}$/),
  created: z.int().min(0).max(100_000_000_000),
  livemode: z.boolean(),
  data: z.object({ object: z.object({ id: z.string().optional().catch(undefined) }) }),
});
type ReceivedEvent = z.output<typeof eventShape>;

/** As it came: the signature is over its very bytes. */
interface Message {
  readonly body: Uint8Array;
  readonly signature: string;
}

const isSaneId = (id: string | undefined): id is string => id !== undefined && /^\w{1,250}$/.test(id);

/** What the message says; undefined, which no JSON is, when this secret has not signed it. @throws MalformedBody */
async function openMessage({ body, signature }: Message, secret: string): Promise<unknown> {
  try {
    return await Stripe.webhooks.constructEventAsync(body, signature, secret, TOLERANCE_S);
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) return undefined;
    // Signed by Stripe, and no JSON or of a kind that this endpoint did not ask for.
    throw new MalformedBody("This is no event of Stripe's.");
  }
}

/** @throws InvalidSignature, MalformedBody */
async function readEvent(message: Message, secrets: readonly string[]): Promise<ReceivedEvent> {
  for (const secret of secrets) {
    const opened = await openMessage(message, secret);
    if (opened === undefined) continue;
    const event = eventShape.safeParse(opened);
    if (event.success) return event.data;
    throw new MalformedBody("This is no event of Stripe's.");
  }
  throw new InvalidSignature();
}

const newEventOf = ({ id, type, created, data }: ReceivedEvent): NewStripeEvent => ({
  id,
  type,
  objectId: isSaneId(data.object.id) ? data.object.id : null,
  happenedAtS: created,
});

interface Receiver extends Pick<Platform, "config" | "metrics"> {
  readonly store: StripeEventStore;
  /** Of Stripe's signatures. */
  readonly secrets: readonly string[];
}

/**
 * Takes an event of Stripe's: once, whoever sends it again. What it means is worked out by a job. One of Stripe's other
 * mode is answered like any other and not kept: what it is about does not exist for our key.
 * @throws InvalidSignature: forged, or signed more than 300 s ago; MalformedBody
 */
export async function receiveEvent(receiver: Receiver, message: Message): Promise<void> {
  const { config, metrics, store, secrets } = receiver;
  const count = (type: string, outcome: string) => metrics.stripeWebhooks.inc({ type, outcome });
  let event: ReceivedEvent;
  try {
    event = await readEvent(message, secrets);
  } catch (error) {
    count("other", error instanceof InvalidSignature ? "forged" : "malformed");
    throw error;
  }
  const label = labelOf(event.type);
  if (event.livemode !== (keyMode(config) === "live")) count(label, "other_mode");
  else count(label, (await store.submit(newEventOf(event))) ? "stored" : "duplicate");
}
