import { createRoute } from "@hono/zod-openapi";
import { castRecordView } from "../services/casts/cast-view.ts";
import { listCasts, listCastsInput } from "../services/casts/list.ts";
import { pageOf } from "../services/paging.ts";
import { AUTHENTICATED, json, problems, SIGNED_IN, type RestParts } from "./contract.ts";
import { serviceContext } from "./service-context.ts";

export function registerListCasts({ app, platform, guards }: RestParts): void {
  const route = createRoute({
    method: "get",
    path: "/v1/casts",
    tags: ["Casting"],
    summary: "List your casts, newest first",
    security: SIGNED_IN,
    middleware: [guards.actor] as const,
    request: { query: listCastsInput },
    responses: {
      200: json(pageOf(castRecordView), "A page."),
      ...problems(...AUTHENTICATED, "invalid_request"),
    },
  });
  app.openapi(route, async (c) =>
    c.json(await listCasts(serviceContext(platform, c), c.req.valid("query")), 200),
  );
}
