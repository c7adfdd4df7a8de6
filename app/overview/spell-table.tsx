import { useFormats, useText } from "../language/language.tsx";
import { messages } from "../routes/dashboard._index.messages.ts";
import type { Month } from "./overview.ts";

const SHOWN = 10;

interface Line {
  readonly key: string;
  readonly name: string;
  readonly calls: number;
  readonly costMicros: number;
}

/** The dearest spells, and all others as one line. */
function linesOf(spells: Month["spells"], others: (count: number) => string): Line[] {
  const lines = spells.map((row) => ({
    key: row.spell_key,
    name: row.spell_name,
    calls: row.calls,
    costMicros: row.cost_micros,
  }));
  const rest = lines.slice(SHOWN);
  if (rest.length === 0) return lines;
  const sum = (of: "calls" | "costMicros") => rest.reduce((all, line) => all + line[of], 0);
  return [
    ...lines.slice(0, SHOWN),
    { key: "", name: others(rest.length), calls: sum("calls"), costMicros: sum("costMicros") },
  ];
}

function ShareBar({ part, whole }: { readonly part: number; readonly whole: number }) {
  const width = whole === 0 ? 0 : (part / whole) * 100;
  return (
    <svg aria-hidden="true" className="block h-2.5 w-full">
      <rect className="fill-code" width="100%" height="100%" rx="3" />
      <rect className="fill-accent" width={`${width.toFixed(3)}%`} height="100%" rx="3" />
    </svg>
  );
}

/** What the month's money went to, the dearest first. */
export function SpellTable({ month }: { readonly month: Month }) {
  const text = useText(messages).spells;
  const formats = useFormats();
  const lines = linesOf(month.spells, text.others);
  const costs = lines.map(({ costMicros }) => costMicros);
  const [most, money] = [Math.max(0, ...costs), formats.microsIn(costs)];
  return (
    <section aria-labelledby="by-spell" className="panel mt-6 p-5">
      <h2 id="by-spell" className="text-lg font-semibold">
        {text.heading(formats.month(month.from))}
      </h2>
      <div className="table-scroll mt-2">
        <table className="table">
          <caption className="sr-only">{text.caption(formats.month(month.from))}</caption>
          <thead>
            <tr>
              <th scope="col">{text.spell}</th>
              <th scope="col" className="figure">
                {text.casts}
              </th>
              <th scope="col" className="figure">
                {text.cost}
              </th>
              <td className="hidden sm:table-cell sm:w-2/5" />
            </tr>
          </thead>
          <tbody>
            {lines.map(({ key, name, calls, costMicros }) => (
              <tr key={key}>
                <th scope="row" className="wrap-anywhere">
                  {name}
                </th>
                <td className="figure">{formats.number(calls)}</td>
                <td className="figure">{money(costMicros)}</td>
                <td className="hidden align-middle! sm:table-cell">
                  <ShareBar part={costMicros} whole={most} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
