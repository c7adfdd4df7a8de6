import { createRoute, z } from "@hono/zod-openapi";
import { castDetailView } from "../services/casts/cast-view.ts";
import { getCast } from "../services/casts/get.ts";
import { AUTHENTICATED, json, problems, SIGNED_IN, type RestParts } from "./contract.ts";
import { serviceContext } from "./service-context.ts";

export function registerGetCast({ app, platform, guards }: RestParts): void {
  const route = createRoute({
    method: "get",
    path: "/v1/casts/{id}",
    tags: ["Casting"],
    summary: "One of your casts, with its log",
    security: SIGNED_IN,
    middleware: [guards.actor] as const,
    request: { params: z.object({ id: z.uuid() }) },
    responses: {
      200: json(castDetailView, "The cast."),
      ...problems(...AUTHENTICATED, "invalid_request", "cast_not_found"),
    },
  });
  app.openapi(route, async (c) =>
    c.json(await getCast(serviceContext(platform, c), c.req.valid("param").id), 200),
  );
}
