import { z } from "zod";
import { defineEndpoint } from "../api/endpoint.ts";
import { invalidRequest, missing } from "../api/error.ts";
import { listPage } from "../api/list.ts";
import { created, createdRange, pageParameters, text } from "../api/parameters.ts";
import type { Context } from "../context.ts";
import type { Kinds } from "../store/kinds.ts";

const asNow = ({ outbox }: Context, event: Kinds["event"]): Kinds["event"] => ({
  ...event,
  pending_webhooks: outbox.pendingOf(event.id),
});

export const EVENT_ENDPOINTS = [
  defineEndpoint({
    method: "GET",
    path: "/v1/events",
    parameters: z.strictObject({
      type: text.optional(),
      types: z.array(text).max(20).optional(),
      created,
      ...pageParameters,
    }),
    run: (context, { type, types, created: when, ...page }) => {
      if (type !== undefined && types !== undefined)
        throw invalidRequest("You may only specify one of these parameters: type, types.");
      const [only, ...others] = types ?? [];
      const owner = type ?? (others.length === 0 ? only : undefined);
      const list = listPage(context, "event", "/v1/events", page, {
        ...(others.length > 0 ? { owners: types } : { owner }),
        ...createdRange(when),
      });
      return { ...list, data: list.data.map((event) => asNow(context, event)) };
    },
  }),
  defineEndpoint({
    method: "GET",
    path: "/v1/events/:id",
    parameters: z.strictObject({}),
    run: (context, _, { id }) => {
      const event = context.store.find("event", id);
      if (event === null) throw missing("event", id);
      return asNow(context, event);
    },
  }),
];
