import { createRoute, z } from "@hono/zod-openapi";
import { keyView } from "../services/keys/key-view.ts";
import { listKeys } from "../services/keys/list.ts";
import { AUTHENTICATED, json, problems, SIGNED_IN, type RestParts } from "./contract.ts";
import { serviceContext } from "./service-context.ts";

export function registerListKeys({ app, platform, guards }: RestParts): void {
  const route = createRoute({
    method: "get",
    path: "/v1/keys",
    tags: ["Keys"],
    summary: "List your active keys",
    security: SIGNED_IN,
    middleware: [guards.actor] as const,
    responses: { 200: json(z.array(keyView), "Your keys, newest first."), ...problems(...AUTHENTICATED) },
  });
  app.openapi(route, async (c) => c.json(await listKeys(serviceContext(platform, c)), 200));
}
