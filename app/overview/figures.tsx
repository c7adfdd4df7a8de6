import { useFormats, useText } from "../language/language.tsx";
import { messages } from "../routes/dashboard._index.messages.ts";
import type { Overview } from "./overview.ts";

interface FigureProps {
  readonly name: string;
  readonly value: string;
  /** Always there, so that nothing moves when figures change. */
  readonly note: string;
}

function Figure({ name, value, note }: FigureProps) {
  return (
    <div className="panel p-4">
      <dt className="text-sm text-soft">{name}</dt>
      <dd className="mt-1 text-xl font-semibold wrap-anywhere tabular-nums sm:text-2xl">{value}</dd>
      <dd className="mt-1 min-h-10 text-sm text-soft tabular-nums">{note}</dd>
    </div>
  );
}

/** Spent, remaining, calls and limit. */
export function Figures({ overview: { usage, limit } }: { readonly overview: Overview }) {
  const text = useText(messages).figures;
  const formats = useFormats();
  const since = text.since[usage.period](formats.day(usage.period_start));
  return (
    <dl className="mt-6 grid grid-cols-2 gap-3 lg:grid-cols-4">
      <Figure name={text.spent} value={formats.micros(usage.total_cost_micros)} note={since} />
      <Figure
        name={text.remaining}
        value={formats.micros(limit.left_micros)}
        note={limit.held_micros === 0 ? text.nothingHeld : text.held(formats.micros(limit.held_micros))}
      />
      <Figure name={text.calls} value={formats.number(usage.total_calls)} note={since} />
      <Figure
        name={text.limit[limit.period]}
        value={formats.micros(limit.hard_micros)}
        note={text.source[limit.source]}
      />
    </dl>
  );
}
