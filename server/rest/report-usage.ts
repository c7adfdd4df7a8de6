import { createRoute, z } from "@hono/zod-openapi";
import { accepts } from "hono/accepts";
import type { HttpContext } from "../http/environment.ts";
import { dayRow, keyRow, spellRow, usageReportView } from "../services/usage/report-view.ts";
import { reportUsage, usageReportInput } from "../services/usage/report.ts";
import { AUTHENTICATED, json, problems, SIGNED_IN, type RestParts } from "./contract.ts";
import { toCsv } from "./csv.ts";
import { serviceContext } from "./service-context.ts";

/** A table has the same columns when it has no rows. */
const COLUMNS = {
  day: Object.keys(dayRow.shape),
  spell: Object.keys(spellRow.shape),
  key: Object.keys(keyRow.shape),
};

const TYPES = { json: "application/json", csv: "text/csv" };

/** The form asked for in the address, else in the header; JSON where neither says. */
const isCsv = (c: HttpContext, format: "json" | "csv" | undefined): boolean =>
  format === undefined
    ? accepts(c, { header: "Accept", supports: Object.values(TYPES), default: TYPES.json }) === TYPES.csv
    : format === "csv";

export function registerReportUsage({ app, platform, guards }: RestParts): void {
  const route = createRoute({
    method: "get",
    path: "/v1/usage",
    tags: ["Budgets"],
    summary: "What was used, by day, spell or key",
    description:
      "Casts that ended, each on the UTC day of its admission. Without `from` and `to`: this month. As CSV with `format=csv` or `Accept: text/csv`; a text in it that a spreadsheet would run as a formula stands behind an apostrophe.",
    security: SIGNED_IN,
    middleware: [guards.actor] as const,
    request: { query: usageReportInput.extend({ format: z.enum(["json", "csv"]).optional() }) },
    responses: {
      200: {
        ...json(usageReportView, "The figures of this moment."),
        content: {
          "application/json": { schema: usageReportView },
          "text/csv": { schema: z.string().describe("The rows of `data`, under their names.") },
        },
      },
      ...problems(...AUTHENTICATED, "invalid_request"),
    },
  });
  app.openapi(route, async (c) => {
    const { format, ...input } = c.req.valid("query");
    const report = await reportUsage(serviceContext(platform, c), input);
    c.header("Vary", "Accept", { append: true });
    if (!isCsv(c, format)) return c.json(report, 200);
    const name = `usage-by-${report.by}-${report.from}-${report.to}.csv`;
    return c.text(toCsv(COLUMNS[report.by], report.data), 200, {
      "Content-Type": "text/csv; charset=utf-8; header=present",
      "Content-Disposition": `attachment; filename="${name}"`,
    });
  });
}
