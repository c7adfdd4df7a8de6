import { Link } from "@remix-run/react";
import { brandName } from "../billing/card-name.ts";
import { BILLING_PATH } from "../billing/card.ts";
import { useFormats, useText } from "../language/language.tsx";
import { messages } from "../routes/dashboard._index.messages.ts";
import { limitLevel, percentSpent, type LimitLevel } from "./limit-level.ts";
import type { Overview } from "./overview.ts";

function Meter({ percent }: { readonly percent: number }) {
  return (
    <svg aria-hidden="true" className="mt-3 block h-3 w-full">
      <rect className="fill-code" width="100%" height="100%" rx="5" />
      <rect
        className={percent >= 70 ? "fill-gilt" : "fill-accent"}
        width={`${Math.min(percent, 100)}%`}
        height="100%"
        rx="5"
      />
    </svg>
  );
}

const MICROS_PER_CENT = 10_000;

/** What follows from how far the limit is spent, and what a person can do. */
function useAdvice({ limit, settings }: Overview, level: LimitLevel): string {
  const text = useText(messages).warnings;
  const end = useFormats().dayAndTime(limit.period_end);
  if (level === "below") return text.below;
  if (level !== "full") return text.refusedUntil(end);
  if (limit.source === "allowance") return text.waitForMonth(end);
  const canRaise = limit.hard_micros < settings.max_limit_cents * MICROS_PER_CENT;
  return canRaise ? text.raiseOrWait(end) : text.waitOnly(end);
}

/** Its place is there at every level; a screen reader hears only a change of level. */
function Warning({ overview }: { readonly overview: Overview }) {
  const text = useText(messages).warnings;
  const level = limitLevel(overview.limit);
  const advice = useAdvice(overview, level);
  return (
    <p role="status" className={`notice mt-4 ${level === "below" ? "notice-good" : "notice-warn"}`}>
      {level !== "below" && <strong>{text[level]} </strong>}
      {advice}
    </p>
  );
}

function Card({ settings }: Pick<Overview, "settings">) {
  const text = useText(messages).card;
  const formats = useFormats();
  const { card } = settings;
  return (
    <p className="mt-4 text-sm">
      {card === null
        ? text.none(formats.cents(settings.allowance_cents))
        : text.onFile(brandName(card.brand, text.card), card.last4)}{" "}
      <Link className="link inline-block py-1" to={`${BILLING_PATH}#card`}>
        {card === null ? text.register : text.change}
      </Link>
    </p>
  );
}

/** How much of the limit in force is spent, and which card pays. */
export function LimitPanel({ overview }: { readonly overview: Overview }) {
  const { limit, settings } = overview;
  const text = useText(messages).limit;
  const formats = useFormats();
  const percent = percentSpent(limit);
  const isLittle = percent === 0 && limit.spent_micros > 0;
  return (
    <section aria-labelledby="limit" className="panel mt-6 p-5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 id="limit" className="text-lg font-semibold">
          {text.heading[limit.period]}
        </h2>
        <Link className="link py-1 text-sm" to="/dashboard/billing">
          {text.change}
        </Link>
      </div>
      <p className="mt-1 text-sm text-soft tabular-nums">
        {text.spent(
          isLittle ? text.little(formats.percent(0.01)) : formats.percent(percent / 100),
          formats.micros(limit.spent_micros),
          formats.micros(limit.hard_micros),
        )}
      </p>
      <Meter percent={percent} />
      <Warning overview={overview} />
      <Card settings={settings} />
    </section>
  );
}
