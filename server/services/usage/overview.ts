import { z } from "zod";
import type { ServiceContext } from "../../context.ts";
import { settingsView, viewSettings } from "../budgets/settings.ts";
import { leftOf, readMonth, type Standing } from "../budgets/standing.ts";
import { boundsOf, usageIn, usageView } from "../budgets/usage.ts";
import { requireScope } from "../identity/require-scope.ts";
import { splitMonth, type Span } from "./figures.ts";
import { dayRow, spellRow } from "./report-view.ts";

/** The limit that refuses first, in exact money. */
const limitView = z.object({
  source: z
    .enum(["chosen", "default", "ceiling", "allowance"])
    .describe("`ceiling`: what the operator lets a month cost at most, beside a daily budget."),
  period: z.enum(["daily", "monthly"]),
  period_end: z.iso.datetime(),
  hard_micros: z.int(),
  spent_micros: z.int(),
  held_micros: z.int(),
  left_micros: z.int(),
});

/** All that a person sees of their account at a glance. */
export const overviewView = z.object({
  read_at: z.iso.datetime(),
  today: z.iso.date(),
  usage: usageView,
  limit: limitView,
  month: z.object({
    from: z.iso.date(),
    to: z.iso.date().describe("Its last day, which may be to come."),
    days: z.array(dayRow),
    spells: z.array(spellRow),
  }),
  settings: settingsView,
});

export type OverviewView = z.output<typeof overviewView>;
type LimitView = z.output<typeof limitView>;

const DAY_MS = 86_400_000;
const dateOf = (instant: Date) => instant.toISOString().slice(0, 10);

function sourceOf({ budget, tightest }: Standing, isChosen: boolean): LimitView["source"] {
  if (tightest.limitSource === "allowance") return "allowance";
  if (budget?.period === "daily" && tightest.period === "monthly") return "ceiling";
  return isChosen ? "chosen" : "default";
}

function viewLimit(standing: Standing, isChosen: boolean): LimitView {
  const { now, tightest } = standing;
  return {
    source: sourceOf(standing, isChosen),
    period: tightest.period,
    period_end: boundsOf(tightest.period, now)[1].toISOString(),
    hard_micros: tightest.hardMicros,
    spent_micros: tightest.settledMicros,
    held_micros: tightest.heldMicros,
    left_micros: Math.max(leftOf(tightest), 0),
  };
}

function monthOf(now: Date): Span {
  const [first, next] = boundsOf("monthly", now);
  return { from: dateOf(first), to: dateOf(new Date(next.getTime() - DAY_MS)) };
}

/** The present period and its limits, the UTC month by day and by spell, the card on file, and what may be set. */
export async function readOverview(ctx: ServiceContext): Promise<OverviewView> {
  requireScope(ctx, "read");
  const { standing, usage } = await readMonth(ctx);
  const settings = viewSettings(ctx, standing.budget, standing.card);
  return {
    read_at: standing.now.toISOString(),
    today: dateOf(standing.now),
    usage: usageIn(ctx, standing),
    limit: viewLimit(standing, settings.is_chosen),
    month: { ...monthOf(standing.now), ...splitMonth(usage) },
    settings,
  };
}
