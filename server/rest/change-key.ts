import { createRoute, z } from "@hono/zod-openapi";
import { changeKey } from "../services/keys/change.ts";
import { changeKeyInput, keyPrefix } from "../services/keys/key-input.ts";
import { keyView } from "../services/keys/key-view.ts";
import { AUTHENTICATED, BODY, json, jsonBody, problems, SIGNED_IN, type RestParts } from "./contract.ts";
import { serviceContext } from "./service-context.ts";

export function registerChangeKey({ app, platform, guards, limitBody }: RestParts): void {
  const route = createRoute({
    method: "patch",
    path: "/v1/keys/{prefix}",
    tags: ["Keys"],
    summary: "Change fields of a key",
    description:
      "Fields not named stay, null clears. It holds for the next request. A key gives no key what it does not have: it cannot widen itself, and one with a monthly limit raises no limit.",
    security: SIGNED_IN,
    middleware: [guards.actor, limitBody] as const,
    request: { params: z.object({ prefix: keyPrefix }), ...jsonBody(changeKeyInput) },
    responses: {
      200: json(keyView, "The changed key."),
      ...problems(...AUTHENTICATED, ...BODY, "grant_exceeded", "key_not_found"),
    },
  });
  app.openapi(route, async (c) => {
    const { prefix } = c.req.valid("param");
    return c.json(await changeKey(serviceContext(platform, c), prefix, c.req.valid("json")), 200);
  });
}
