import { createRoute } from "@hono/zod-openapi";
import { invoiceView } from "../services/billing/invoices/invoice-view.ts";
import { listInvoices } from "../services/billing/invoices/list.ts";
import { pageInput, pageOf } from "../services/paging.ts";
import { AUTHENTICATED, json, problems, SIGNED_IN, type RestParts } from "./contract.ts";
import { serviceContext } from "./service-context.ts";

export function registerListInvoices({ app, platform, guards }: RestParts): void {
  const route = createRoute({
    method: "get",
    path: "/v1/billing/invoices",
    tags: ["Billing"],
    summary: "List your invoices, newest first",
    security: SIGNED_IN,
    middleware: [guards.actor] as const,
    request: { query: pageInput },
    responses: {
      200: json(pageOf(invoiceView), "A page."),
      ...problems(...AUTHENTICATED, "invalid_request"),
    },
  });
  app.openapi(route, async (c) =>
    c.json(await listInvoices(serviceContext(platform, c), c.req.valid("query")), 200),
  );
}
