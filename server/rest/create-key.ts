import { createRoute } from "@hono/zod-openapi";
import { createKey } from "../services/keys/create.ts";
import { createKeyInput } from "../services/keys/key-input.ts";
import { newKeyView } from "../services/keys/key-view.ts";
import { AUTHENTICATED, BODY, json, jsonBody, problems, SIGNED_IN, type RestParts } from "./contract.ts";
import { serviceContext } from "./service-context.ts";

export function registerCreateKey({ app, platform, guards, limitBody }: RestParts): void {
  const route = createRoute({
    method: "post",
    path: "/v1/keys",
    tags: ["Keys"],
    summary: "Make an API key",
    description: "`api_key` is the key's text. It is shown in this answer and never again.",
    security: SIGNED_IN,
    middleware: [guards.actor, limitBody] as const,
    request: jsonBody(createKeyInput),
    responses: {
      201: json(newKeyView, "The new key."),
      ...problems(...AUTHENTICATED, ...BODY, "grant_exceeded"),
    },
  });
  app.openapi(route, async (c) => {
    const key = await createKey(serviceContext(platform, c), c.req.valid("json"));
    return c.json(key, 201, { "Cache-Control": "no-store" });
  });
}
