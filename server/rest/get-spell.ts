import { createRoute, z } from "@hono/zod-openapi";
import { getSpell, spellReference } from "../services/spells/get.ts";
import { spellDetailView } from "../services/spells/spell-view.ts";
import { json, problems, type RestParts } from "./contract.ts";

export function registerGetSpell({ app, platform, guards }: RestParts): void {
  const route = createRoute({
    method: "get",
    path: "/v1/spells/{key}",
    tags: ["Grimoire"],
    summary: "One spell, by name or key",
    description: "With its input schema and versions. No key is needed.",
    middleware: [guards.visitor] as const,
    request: { params: z.object({ key: spellReference }) },
    responses: {
      200: json(spellDetailView, "The spell."),
      ...problems("invalid_request", "spell_not_found"),
    },
  });
  app.openapi(route, async (c) => c.json(await getSpell(platform, c.req.valid("param").key), 200));
}
