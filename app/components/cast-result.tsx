import { useFormats, useText } from "../language/language.tsx";
import { messages } from "../routes/_index.messages.ts";
import type { TextStats } from "./text-stats.server.ts";

export interface CastShown {
  readonly id: string;
  readonly spell_name: string;
  readonly version: string;
  readonly cost_micros: number;
  readonly duration_ms: number | null;
  readonly result: TextStats;
}

function Figure({ name, value }: { readonly name: string; readonly value: number }) {
  return (
    <div>
      <dt className="text-sm text-soft">{name}</dt>
      <dd className="text-2xl font-semibold tabular-nums">{useFormats().number(value)}</dd>
    </div>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div className="flex justify-between gap-4">
      <dt className="shrink-0 text-soft">{name}</dt>
      <dd className="text-right tabular-nums wrap-anywhere">{value}</dd>
    </div>
  );
}

/** The result of the live cast, and the facts that stand in the ledger about it. */
export function CastResult({ cast }: { readonly cast: CastShown }) {
  const text = useText(messages).result;
  const formats = useFormats();
  const { words, lines, characters, top } = cast.result;
  return (
    <div className="mt-6 border-t border-line pt-5">
      <h3 className="font-semibold">{text.heading}</h3>
      <dl className="mt-3 grid grid-cols-3 gap-3">
        <Figure name={text.words} value={words} />
        <Figure name={text.lines} value={lines} />
        <Figure name={text.characters} value={characters} />
      </dl>
      {top.length > 0 && (
        <>
          <h4 className="mt-4 text-sm text-soft">{text.top}</h4>
          <ul className="mt-1.5 flex flex-wrap gap-2">
            {top.map(({ word, count }) => (
              <li
                key={word}
                className="max-w-full rounded-md border border-line px-2 py-0.5 text-sm break-words"
              >
                {word} <span className="text-soft tabular-nums">×{count}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <dl className="mt-5 grid gap-1 border-t border-line pt-4 text-sm">
        <Fact
          name={text.cost}
          value={cast.cost_micros === 0 ? text.free : formats.micros(cast.cost_micros)}
        />
        <Fact
          name={text.time}
          value={cast.duration_ms === null ? "–" : formats.milliseconds(cast.duration_ms)}
        />
        <Fact name={text.spell} value={`${cast.spell_name} ${cast.version}`} />
        <Fact name={text.cast} value={cast.id} />
      </dl>
    </div>
  );
}
