import { createRoute, z } from "@hono/zod-openapi";
import { keyPrefix } from "../services/keys/key-input.ts";
import { revokeKey } from "../services/keys/revoke.ts";
import { AUTHENTICATED, problems, SIGNED_IN, type RestParts } from "./contract.ts";
import { serviceContext } from "./service-context.ts";

export function registerRevokeKey({ app, platform, guards }: RestParts): void {
  const route = createRoute({
    method: "delete",
    path: "/v1/keys/{prefix}",
    tags: ["Keys"],
    summary: "Revoke a key",
    description:
      "From the moment this answers, nothing accepts the key any more, anywhere: neither its secret nor one that it had before a rotation.",
    security: SIGNED_IN,
    middleware: [guards.actor] as const,
    request: { params: z.object({ prefix: keyPrefix }) },
    responses: {
      204: { description: "Revoked." },
      ...problems(...AUTHENTICATED, "invalid_request", "key_not_found"),
    },
  });
  app.openapi(route, async (c) => {
    await revokeKey(serviceContext(platform, c), c.req.valid("param").prefix);
    return c.body(null, 204);
  });
}
