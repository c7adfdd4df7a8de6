import { Link } from "@remix-run/react";
import { useFormats, useText } from "../language/language.tsx";
import { messages } from "../routes/dashboard.casts._index.messages.ts";
import type { CastShown } from "./cast-facts.tsx";
import { messages as castMessages } from "./cast.messages.ts";
import { stateText } from "./state-text.ts";

interface RowProps {
  readonly cast: CastShown;
  readonly money: (micros: number) => string;
}

function Row({ cast, money }: RowProps) {
  const text = useText(castMessages);
  const { number, milliseconds, dayAndTime } = useFormats();
  return (
    <tr>
      <th scope="row" className="min-w-32 sm:whitespace-nowrap">
        <Link className="link" to={`/dashboard/casts/${cast.id}`}>
          <time dateTime={cast.created_at}>{dayAndTime(cast.created_at)}</time>
        </Link>
      </th>
      <td className="min-w-24">
        {cast.spell_name} <span className="text-soft">{cast.version}</span>
      </td>
      <td className="min-w-28">{stateText(text, cast)}</td>
      <td className="figure">{cast.cost_micros === 0 ? text.free : money(cast.cost_micros)}</td>
      <td className="figure">{cast.fuel_used === null ? text.none : number(cast.fuel_used)}</td>
      <td className="figure">{cast.duration_ms === null ? text.none : milliseconds(cast.duration_ms)}</td>
    </tr>
  );
}

/** A page of casts. It scrolls by itself, so the keyboard must reach it. */
export function CastTable({ casts }: { readonly casts: readonly CastShown[] }) {
  const { caption, columns } = useText(messages);
  const money = useFormats().microsIn(casts.map(({ cost_micros: cost }) => cost));
  return (
    <div className="table-scroll" role="region" aria-label={caption} tabIndex={0}>
      <table className="table">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{columns.at}</th>
            <th scope="col">{columns.spell}</th>
            <th scope="col">{columns.state}</th>
            <th scope="col" className="figure">
              {columns.cost}
            </th>
            <th scope="col" className="figure">
              {columns.fuel}
            </th>
            <th scope="col" className="figure">
              {columns.time}
            </th>
          </tr>
        </thead>
        <tbody>
          {casts.map((cast) => (
            <Row key={cast.id} cast={cast} money={money} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
