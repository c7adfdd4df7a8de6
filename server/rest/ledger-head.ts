import { createRoute, z } from "@hono/zod-openapi";
import { readLedgerHead } from "../services/ledger/head.ts";
import { json, problems, type RestParts } from "./contract.ts";

export function registerLedgerHead({ app, platform, guards }: RestParts): void {
  const route = createRoute({
    method: "get",
    path: "/v1/ledger/head",
    tags: ["Ledger"],
    summary: "The newest link of the ledger's chain",
    description: "Keep one, and you can later prove that nothing before it was changed. No key is needed.",
    middleware: [guards.visitor] as const,
    responses: {
      200: json(z.object({ seq: z.int(), hash: z.string().describe("SHA-256, hex.") }), "The head."),
      ...problems(),
    },
  });
  app.openapi(route, async (c) => c.json(await readLedgerHead(platform), 200));
}
