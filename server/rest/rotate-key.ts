import { createRoute, z } from "@hono/zod-openapi";
import { keyPrefix, rotateKeyInput } from "../services/keys/key-input.ts";
import { rotatedKeyView } from "../services/keys/key-view.ts";
import { rotateKey } from "../services/keys/rotate.ts";
import {
  AUTHENTICATED,
  BODY,
  json,
  optionalJsonBody,
  problems,
  SIGNED_IN,
  type RestParts,
} from "./contract.ts";
import { serviceContext } from "./service-context.ts";

export function registerRotateKey({ app, platform, guards, limitBody }: RestParts): void {
  const route = createRoute({
    method: "post",
    path: "/v1/keys/{prefix}/rotate",
    tags: ["Keys"],
    summary: "Give a key a new secret",
    description:
      "The key keeps its id, limit, usage and scopes. `api_key` is its new text, shown in this answer and never again. The secret before works until `previous_expires_at`, but manages no keys; one older than that is refused at once.",
    security: SIGNED_IN,
    middleware: [guards.actor, limitBody] as const,
    request: { params: z.object({ prefix: keyPrefix }), ...optionalJsonBody(rotateKeyInput) },
    responses: {
      201: json(rotatedKeyView, "The key with its new secret."),
      ...problems(...AUTHENTICATED, ...BODY, "grant_exceeded", "key_not_found"),
    },
  });
  app.openapi(route, async (c) => {
    const { prefix } = c.req.valid("param");
    const key = await rotateKey(serviceContext(platform, c), prefix, c.req.valid("json"));
    return c.json(key, 201, { "Cache-Control": "no-store" });
  });
}
