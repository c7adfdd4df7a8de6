import { z } from "zod";
import { messages } from "../routes/_index.messages.ts";

/** What text-stats writes. */
export const textStats = z.object({
  words: z.number(),
  lines: z.number(),
  characters: z.number(),
  top: z.array(z.object({ word: z.string(), count: z.number() })),
});

export interface CastShown {
  readonly id: string;
  readonly spell_name: string;
  readonly version: string;
  readonly cost_micros: number;
  readonly duration_ms: number | null;
  readonly result: z.output<typeof textStats>;
}

const text = messages.result;
const dollars = (micros: number) => (micros === 0 ? text.free : `$${(micros / 1_000_000).toFixed(6)}`);

function Figure({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt className="text-sm text-soft">{name}</dt>
      <dd className="text-2xl font-semibold tabular-nums">{value}</dd>
    </div>
  );
}

/** The result of the live cast, and the facts that stand in the ledger about it. */
export function CastResult({ cast }: { readonly cast: CastShown }) {
  const { words, lines, characters, top } = cast.result;
  return (
    <div className="mt-6 border-t border-line pt-5" role="status">
      <h3 className="font-semibold">{text.heading}</h3>
      <dl className="mt-3 grid grid-cols-3 gap-3">
        <Figure name={text.words} value={String(words)} />
        <Figure name={text.lines} value={String(lines)} />
        <Figure name={text.characters} value={String(characters)} />
      </dl>
      {top.length > 0 && (
        <>
          <h4 className="mt-4 text-sm text-soft">{text.top}</h4>
          <ul className="mt-1 flex flex-wrap gap-2">
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
      <p className="mt-5 text-sm text-soft">
        {text.cost}: <b className="font-semibold text-ink">{dollars(cast.cost_micros)}</b> · {text.time}:{" "}
        {cast.duration_ms === null ? "–" : `${cast.duration_ms.toFixed(1)} ms`} · {text.spell}:{" "}
        {cast.spell_name} {cast.version}
        <br />
        {text.cast}: <code className="font-mono text-xs break-all">{cast.id}</code>
      </p>
    </div>
  );
}
