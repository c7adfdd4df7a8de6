import type { Task } from "graphile-worker";
import { z } from "zod";
import { handleEvent, type EventParts } from "../../server/services/billing/events/handle.ts";

const payloadShape = z.object({ event_id: z.string().min(1) });

/** Does what one of Stripe's events asks for. Running it again, or late, does no harm. */
export const handleStripeEventTask =
  (parts: EventParts): Task =>
  async (payload, { job }) => {
    const { event_id: eventId } = payloadShape.parse(payload);
    await handleEvent(parts, eventId, job.attempts >= job.max_attempts);
  };
