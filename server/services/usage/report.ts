import { z } from "zod";
import type { ServiceContext } from "../../context.ts";
import { InvalidRequest } from "../../errors.ts";
import { daysIn, utcDay } from "../date-range.ts";
import { requireScope } from "../identity/require-scope.ts";
import { usageByDay, usageByKey, usageBySpell, type Span } from "./figures.ts";
import type { UsageReportView } from "./report-view.ts";

const MAX_DAYS = 366;

export const usageReportInput = z.object({
  by: z.enum(["day", "spell", "key"]).default("day"),
  from: utcDay.optional().describe("The first UTC day; without it the first of the month of `to`."),
  to: utcDay.optional().describe(`The last UTC day, today without it; at most ${MAX_DAYS} days in all.`),
});

export type UsageReportInput = z.output<typeof usageReportInput>;

async function spanOf({ db, clock }: ServiceContext, { from, to }: UsageReportInput): Promise<Span> {
  const [time] = await db.sql<[{ today: string }]>`
    select ((clock_timestamp() + ${clock.offsetMs}::bigint * interval '1 millisecond') at time zone 'UTC')::date as today`;
  const last = to ?? time.today;
  const first = from ?? `${last.slice(0, 7)}-01`;
  const days = daysIn(first, last);
  if (days < 1) throw new InvalidRequest([{ field: "from", message: "must not be after the last day" }]);
  if (days > MAX_DAYS)
    throw new InvalidRequest([{ field: "from", message: `the span must be of at most ${MAX_DAYS} days` }]);
  return { from: first, to: last };
}

/**
 * What the account's ended casts used in a span of UTC days, each cast on the day of its admission: by day in order, by
 * spell or key the dearest first. @throws InvalidRequest
 */
export async function reportUsage(ctx: ServiceContext, input: UsageReportInput): Promise<UsageReportView> {
  requireScope(ctx, "read");
  const span = await spanOf(ctx, input);
  const { db, actor } = ctx;
  switch (input.by) {
    case "day":
      return { by: "day", ...span, data: await usageByDay(db, actor.accountId, span) };
    case "spell":
      return { by: "spell", ...span, data: await usageBySpell(db, actor.accountId, span) };
    case "key":
      return { by: "key", ...span, data: await usageByKey(db, actor.accountId, span) };
  }
}
