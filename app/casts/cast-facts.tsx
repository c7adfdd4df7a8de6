import { useFormats, useText } from "../language/language.tsx";
import { messages } from "./cast.messages.ts";
import { Fact } from "./fact.tsx";
import { stateText } from "./state-text.ts";

export interface CastShown {
  readonly id: string;
  readonly status: "QUEUED" | "RUNNING" | "COMPLETED" | "FAILED";
  readonly spell_name: string;
  readonly version: string;
  readonly error_code: string | null;
  readonly cost_micros: number;
  readonly fuel_used: number | null;
  readonly duration_ms: number | null;
  readonly created_at: string;
}

/** Whether a cast is over: before that nobody knows what it costs. */
export const hasEnded = ({ status }: Pick<CastShown, "status">): boolean =>
  status === "COMPLETED" || status === "FAILED";

/** What a cast that ended has used. */
function UsedFacts({ cast }: { readonly cast: CastShown }) {
  const { facts, free, none } = useText(messages);
  const { micros, number, milliseconds } = useFormats();
  return (
    <>
      <Fact name={facts.cost}>{cast.cost_micros === 0 ? free : micros(cast.cost_micros)}</Fact>
      <Fact name={facts.fuel}>{cast.fuel_used === null ? none : number(cast.fuel_used)}</Fact>
      <Fact name={facts.time}>{cast.duration_ms === null ? none : milliseconds(cast.duration_ms)}</Fact>
    </>
  );
}

/** What stands in the books about a cast. */
export function CastFacts({ cast }: { readonly cast: CastShown }) {
  const text = useText(messages);
  const { dayAndTime } = useFormats();
  const { facts } = text;
  return (
    <dl className="grid gap-2 text-sm">
      <Fact name={facts.state}>{stateText(text, cast)}</Fact>
      {hasEnded(cast) && <UsedFacts cast={cast} />}
      <Fact name={facts.spell}>
        <a className="link" href={`/dashboard/spells/${cast.spell_name}`}>
          {cast.spell_name}
        </a>{" "}
        {facts.version} {cast.version}
      </Fact>
      <Fact name={facts.castAt}>
        <time dateTime={cast.created_at}>{dayAndTime(cast.created_at)}</time>
      </Fact>
      <Fact name={facts.cast}>
        <a className="link font-mono" href={`/dashboard/casts/${cast.id}`}>
          {cast.id}
        </a>
      </Fact>
    </dl>
  );
}
