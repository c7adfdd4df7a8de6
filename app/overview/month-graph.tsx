import { useFormats, useText } from "../language/language.tsx";
import { messages } from "../routes/dashboard._index.messages.ts";
import { daysUntil, isNumbered, topOf } from "./graph-scale.ts";
import type { Month } from "./overview.ts";

const percent = (part: number) => `${part.toFixed(3)}%`;

interface Bar {
  readonly day: string;
  /** From 1. */
  readonly number: number;
  readonly costMicros: number;
  readonly isToday: boolean;
}

function barsOf({ to, days }: Month, today: string): Bar[] {
  const costs = new Map(days.map(({ day, cost_micros: cost }) => [day, cost]));
  return daysUntil(to).map((day, i) => ({
    day,
    number: i + 1,
    costMicros: costs.get(day) ?? 0,
    isToday: day === today,
  }));
}

/** Geometry is in percents: the graph is as wide as its place, and its letters keep their size. */
function Bars({
  bars,
  top,
  label,
}: {
  readonly bars: readonly Bar[];
  readonly top: number;
  readonly label: string;
}) {
  const formats = useFormats();
  const slot = 100 / bars.length;
  // What cost anything is seen.
  const height = ({ costMicros }: Bar) => (costMicros === 0 ? 0 : Math.max((costMicros / top) * 100, 1));
  return (
    <svg role="img" aria-label={label} className="block h-48 w-full overflow-visible">
      {bars
        .filter((bar) => bar.isToday)
        .map(({ day, number }) => (
          <rect
            key={day}
            className="fill-code"
            x={percent((number - 1) * slot)}
            y="0"
            width={percent(slot)}
            height="100%"
          />
        ))}
      {[0, 50, 100].map((y) => (
        <line key={y} className="stroke-line" x1="0" x2="100%" y1={percent(y)} y2={percent(y)} />
      ))}
      {bars
        .filter(({ costMicros }) => costMicros > 0)
        .map((bar) => (
          <rect
            key={bar.day}
            className={bar.isToday ? "fill-gilt" : "fill-accent"}
            x={percent((bar.number - 0.85) * slot)}
            y={percent(100 - height(bar))}
            width={percent(0.7 * slot)}
            height={percent(height(bar))}
          >
            <title>{`${formats.day(bar.day)}: ${formats.micros(bar.costMicros)}`}</title>
          </rect>
        ))}
    </svg>
  );
}

function DayAxis({ bars }: { readonly bars: readonly Bar[] }) {
  const text = useText(messages).graph;
  const today = bars.find((bar) => bar.isToday)?.number ?? 0;
  const middle = ({ number }: Bar) => percent((number - 0.5) * (100 / bars.length));
  return (
    <svg aria-hidden="true" className="block h-10 w-full overflow-visible text-xs">
      {bars
        .filter(({ number }) => isNumbered(number, today))
        .map((bar) => (
          <text
            key={bar.day}
            className={bar.isToday ? "fill-ink font-semibold" : "fill-soft"}
            x={middle(bar)}
            y="16"
            textAnchor="middle"
          >
            {bar.number}
          </text>
        ))}
      {bars
        .filter((bar) => bar.isToday)
        .map((bar) => (
          <text key={bar.day} className="fill-ink font-semibold" x={middle(bar)} y="32" textAnchor="middle">
            {text.today}
          </text>
        ))}
    </svg>
  );
}

function DayTable({ month }: { readonly month: Month }) {
  const text = useText(messages).graph;
  const formats = useFormats();
  const money = formats.microsIn(month.days.map(({ cost_micros: cost }) => cost));
  return (
    <details className="mt-4">
      <summary className="link cursor-pointer py-1">{text.table}</summary>
      <div className="table-scroll mt-2">
        <table className="table">
          <caption className="sr-only">{text.caption(formats.month(month.from))}</caption>
          <thead>
            <tr>
              <th scope="col">{text.day}</th>
              <th scope="col" className="figure">
                {text.casts}
              </th>
              <th scope="col" className="figure">
                {text.cost}
              </th>
            </tr>
          </thead>
          <tbody>
            {month.days.map(({ day, calls, cost_micros: cost }) => (
              <tr key={day}>
                <th scope="row">{formats.day(day)}</th>
                <td className="figure">{formats.number(calls)}</td>
                <td className="figure">{money(cost)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="mt-2 text-sm text-soft">{text.left}</p>
    </details>
  );
}

/** What the graph shows, in a sentence. */
function useSummary(month: Month): string {
  const text = useText(messages).graph;
  const formats = useFormats();
  const total = month.days.reduce((sum, { cost_micros: cost }) => sum + cost, 0);
  const dearest = month.days.reduce<Month["days"][number] | null>(
    (most, day) => (day.cost_micros > (most?.cost_micros ?? 0) ? day : most),
    null,
  );
  return text.summary(
    formats.month(month.from),
    formats.micros(total),
    dearest && { day: formats.day(dearest.day), cost: formats.micros(dearest.cost_micros) },
  );
}

/** The month by day: bars on an axis of money, and the same in figures. */
export function MonthGraph({ month, today }: { readonly month: Month; readonly today: string }) {
  const text = useText(messages).graph;
  const formats = useFormats();
  const bars = barsOf(month, today);
  const top = topOf(bars.map(({ costMicros }) => costMicros));
  const marks = [top, top / 2, 0];
  const money = formats.microsIn(marks);
  const summary = useSummary(month);
  return (
    <section aria-labelledby="by-day" className="panel mt-6 p-5">
      <h2 id="by-day" className="text-lg font-semibold">
        {text.heading(formats.month(month.from))}
      </h2>
      <p className="mt-1 text-sm text-soft">{summary}</p>
      <div className="mt-6 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3">
        <div
          aria-hidden="true"
          className="-my-1.5 flex h-[12.75rem] flex-col justify-between text-right text-xs leading-none text-soft tabular-nums"
        >
          {marks.map((micros) => (
            <span key={micros}>{money(micros)}</span>
          ))}
        </div>
        <Bars bars={bars} top={top} label={summary} />
        <div className="col-start-2 mt-1">
          <DayAxis bars={bars} />
        </div>
      </div>
      <DayTable month={month} />
    </section>
  );
}
