import { Link } from "@remix-run/react";
import { useFormats, useText } from "../language/language.tsx";
import { messages } from "../routes/dashboard.casts._index.messages.ts";
import { CancelLink } from "./cancel-cast.tsx";
import type { CastShown } from "./cast-facts.tsx";
import { messages as castMessages } from "./cast.messages.ts";

function Row({ cast }: { readonly cast: CastShown }) {
  const { states } = useText(castMessages);
  const { dayAndTime } = useFormats();
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 border-b border-line py-3">
      <div className="min-w-0">
        <p className="wrap-anywhere">
          {cast.spell_name} <span className="text-soft">{cast.version}</span>
          <strong className="chip ml-2 font-sans font-semibold">{states[cast.status]}</strong>
        </p>
        <p className="text-sm">
          <Link className="link inline-block py-1" to={`/dashboard/casts/${cast.id}`}>
            <time dateTime={cast.created_at}>{dayAndTime(cast.created_at)}</time>
          </Link>
        </p>
      </div>
      {cast.status === "QUEUED" && <CancelLink cast={cast} />}
    </li>
  );
}

/** The casts that run or wait to; those in the queue can be cancelled. Nothing where there are none. */
export function RunningCasts({ casts }: { readonly casts: readonly CastShown[] }) {
  const text = useText(messages).running;
  if (casts.length === 0) return null;
  return (
    <section aria-labelledby="running" className="mt-8">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 id="running" className="text-xl font-semibold">
          {text.heading}
        </h2>
        <Link className="link py-1 text-sm" to="/dashboard/casts" preventScrollReset>
          {text.again}
        </Link>
      </div>
      <ul className="mt-2 border-t border-line">
        {casts.map((cast) => (
          <Row key={cast.id} cast={cast} />
        ))}
      </ul>
    </section>
  );
}
