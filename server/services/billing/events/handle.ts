import { eq, sql } from "drizzle-orm";
import { stripeEvents } from "../../../../drizzle/schema/index.ts";
import type { Platform } from "../../../context.ts";
import { ProductError } from "../../../errors.ts";
import { StripeRefused } from "../stripe.ts";
import { handlerOf, labelOf, type HandlerParts } from "./handlers.ts";

export type EventParts = HandlerParts & Pick<Platform, "metrics">;

/** In our words: what else went wrong stands in the worker's log, and nowhere that people look. */
const failureOf = (error: unknown): string =>
  error instanceof ProductError || error instanceof StripeRefused
    ? error.message
    : "An error of ours: the worker's log says which.";

async function noteFailure(
  { db }: EventParts,
  eventId: string,
  error: unknown,
  isLast: boolean,
): Promise<void> {
  await db.drizzle
    .update(stripeEvents)
    .set({ failure: failureOf(error), ...(isLast ? { failedAt: sql`clock_timestamp()` } : {}) })
    .where(eq(stripeEvents.id, eventId));
}

/**
 * Does what an event asks for, once. A failure is noted and thrown, for the queue to try again; at the last attempt the
 * event is a dead letter, until somebody replays it.
 */
export async function handleEvent(parts: EventParts, eventId: string, isLastAttempt: boolean): Promise<void> {
  const { db, metrics } = parts;
  const [event] = await db.drizzle.select().from(stripeEvents).where(eq(stripeEvents.id, eventId));
  if (event === undefined || event.handledAt !== null) return;
  const handler = handlerOf(event.type);
  const count = (outcome: string) => metrics.stripeWebhooks.inc({ type: labelOf(event.type), outcome });
  try {
    if (handler !== null && event.objectId !== null) await handler(parts, event.objectId);
    await db.drizzle
      .update(stripeEvents)
      .set({ handledAt: sql`clock_timestamp()`, failedAt: null, failure: null })
      .where(eq(stripeEvents.id, eventId));
    count("handled");
  } catch (error) {
    count(isLastAttempt ? "dead" : "failed");
    await noteFailure(parts, eventId, error, isLastAttempt);
    throw error;
  }
}
