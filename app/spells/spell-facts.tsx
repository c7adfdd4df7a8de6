import { Fact } from "../casts/fact.tsx";
import { useFormats, useText } from "../language/language.tsx";
import { messages as pageMessages } from "../routes/dashboard.spells.$name.messages.ts";
import { mostMicros, priceInWords } from "./price.ts";
import { messages } from "./spell.messages.ts";

interface SpellShown {
  readonly version: string;
  readonly published_at: string;
  readonly price: { readonly flat_micros: number; readonly rate_micros_per_million_fuel: number };
  readonly limits: { readonly fuel: number; readonly memory_bytes: number; readonly wall_ms: number };
  readonly output: { readonly content_type: string };
  readonly module_sha256: string;
}

const BYTES_PER_MEBIBYTE = 1_048_576;

/** What a spell costs, what bounds it, and what exactly it is. */
export function SpellFacts({ spell }: { readonly spell: SpellShown }) {
  const { facts, mebibytes } = useText(pageMessages);
  const text = useText(messages);
  const formats = useFormats();
  const { price, limits } = spell;
  return (
    <dl className="panel mt-6 grid gap-2 p-5 text-sm">
      <Fact name={facts.price}>{priceInWords(text, formats, price)}</Fact>
      {price.rate_micros_per_million_fuel > 0 && (
        <Fact name={facts.most}>{formats.micros(mostMicros(price, limits.fuel))}</Fact>
      )}
      <Fact name={facts.version}>{spell.version}</Fact>
      <Fact name={facts.published}>
        <time dateTime={spell.published_at}>{formats.dayAndTime(spell.published_at)}</time>
      </Fact>
      <Fact name={facts.output}>{spell.output.content_type}</Fact>
      <Fact name={facts.fuel}>{formats.number(limits.fuel)}</Fact>
      <Fact name={facts.memory}>{mebibytes(formats.number(limits.memory_bytes / BYTES_PER_MEBIBYTE))}</Fact>
      <Fact name={facts.time}>{formats.seconds(limits.wall_ms)}</Fact>
      <Fact name={facts.module}>
        <span className="font-mono">{spell.module_sha256}</span>
      </Fact>
    </dl>
  );
}
