import { createRoute } from "@hono/zod-openapi";
import { ledgerEntryView, listEntries, listEntriesInput } from "../services/ledger/entries.ts";
import { pageOf } from "../services/paging.ts";
import { AUTHENTICATED, json, problems, SIGNED_IN, type RestParts } from "./contract.ts";
import { serviceContext } from "./service-context.ts";

export function registerListLedgerEntries({ app, platform, guards }: RestParts): void {
  const route = createRoute({
    method: "get",
    path: "/v1/ledger/entries",
    tags: ["Ledger"],
    summary: "List your ledger entries, oldest first",
    description:
      "Each with the hash before it: what is hashed can be recomputed from the entry alone. Keep the highest `seq` you have seen and send it as `after` to get what is new.",
    security: SIGNED_IN,
    middleware: [guards.actor] as const,
    request: { query: listEntriesInput },
    responses: {
      200: json(pageOf(ledgerEntryView), "A page."),
      ...problems(...AUTHENTICATED, "invalid_request"),
    },
  });
  app.openapi(route, async (c) =>
    c.json(await listEntries(serviceContext(platform, c), c.req.valid("query")), 200),
  );
}
