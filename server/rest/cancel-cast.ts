import { createRoute, z } from "@hono/zod-openapi";
import { cancelCast } from "../services/casts/cancel.ts";
import { AUTHENTICATED, problems, SIGNED_IN, type RestParts } from "./contract.ts";
import { serviceContext } from "./service-context.ts";

export function registerCancelCast({ app, platform, guards }: RestParts): void {
  const route = createRoute({
    method: "delete",
    path: "/v1/casts/{id}",
    tags: ["Casting"],
    summary: "Call off a queued cast",
    description: "What it held is released; it costs nothing. One that runs or has ended stays as it is.",
    security: SIGNED_IN,
    middleware: [guards.actor] as const,
    request: { params: z.object({ id: z.uuid() }) },
    responses: {
      204: { description: "Called off." },
      ...problems(...AUTHENTICATED, "invalid_request", "cast_not_found", "cast_not_queued"),
    },
  });
  app.openapi(route, async (c) => {
    await cancelCast(serviceContext(platform, c), c.req.valid("param").id);
    return c.body(null, 204);
  });
}
