import { createRoute } from "@hono/zod-openapi";
import { pageOf } from "../services/paging.ts";
import { listSpells, listSpellsInput } from "../services/spells/list.ts";
import { spellView } from "../services/spells/spell-view.ts";
import { json, problems, type RestParts } from "./contract.ts";

export function registerListSpells({ app, platform, guards }: RestParts): void {
  const route = createRoute({
    method: "get",
    path: "/v1/spells",
    tags: ["Grimoire"],
    summary: "Search the grimoire",
    description: "Active spells by name, each with its newest active version. No key is needed.",
    middleware: [guards.visitor] as const,
    request: { query: listSpellsInput },
    responses: { 200: json(pageOf(spellView), "A page."), ...problems("invalid_request") },
  });
  app.openapi(route, async (c) => c.json(await listSpells(platform, c.req.valid("query")), 200));
}
