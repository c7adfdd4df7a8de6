import {
  json,
  type ActionFunctionArgs,
  type AppLoadContext,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { Link, useActionData, useLoaderData } from "@remix-run/react";
import { CastFacts } from "../casts/cast-facts.tsx";
import { ResultView } from "../casts/result-view.tsx";
import { asPerson } from "../guards/person.server.ts";
import { useText } from "../language/language.tsx";
import { fieldNames } from "../problems/field-names.ts";
import { takeRefusal } from "../problems/take-refusal.server.ts";
import { buildPayload } from "../spells/build-payload.ts";
import { CastForm } from "../spells/cast-form.tsx";
import { castOutcome, type Outcome } from "../spells/cast-outcome.server.ts";
import { makeInputForm } from "../spells/make-input-form.ts";
import { MAX_COST, readTyped, suggestedBy } from "../spells/read-typed.ts";
import { RefusedCast } from "../spells/refused-cast.tsx";
import { SpellFacts } from "../spells/spell-facts.tsx";
import { SpellSchema } from "../spells/spell-schema.tsx";
import { SpellVersions } from "../spells/spell-versions.tsx";
import { TagList } from "../spells/tag-list.tsx";
import { messages } from "./dashboard.spells.$name.messages.ts";

export const meta: MetaFunction<typeof loader> = ({ data }) =>
  data === undefined ? [] : [{ title: `${data.spell.name} · Spell Platform` }];

/** The spell that the address names. @throws a 404 when no active spell has this name or key */
async function loadSpell({ caller, describe }: AppLoadContext, key: string) {
  try {
    return await caller.spells.get({ key });
  } catch (error) {
    const problem = takeRefusal({ describe }, error);
    // Remix renders a thrown response through the error boundary, with its status.
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    if (problem.status === 400 || problem.status === 404) throw new Response(null, { status: 404 });
    throw error;
  }
}

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const spell = await asPerson({ request, context }, () => loadSpell(context, params["name"] ?? ""));
  const form = makeInputForm(spell.input.schema);
  const query = new URL(request.url).searchParams;
  // Who had to sign in first comes back with what they had typed.
  const typed = { ...suggestedBy(form), ...readTyped(form, query) };
  return json({
    spell: { ...spell, input: undefined },
    schema: spell.input.schema === true ? null : JSON.stringify(spell.input.schema, null, 2),
    form,
    typed,
    formId: crypto.randomUUID(),
  });
}

interface Answer extends Outcome {
  readonly typed: Readonly<Record<string, string>>;
  readonly unreadable: readonly string[];
  /** The form was made for another version. */
  readonly isRenewed: boolean;
}

const UNDECIDED = { cast: null, result: null, problem: null, unreadable: [], isRenewed: false };

/** Whole cents; what is none is passed on for the check of the input to refuse. */
const centsOf = (text = "") => (text.trim() === "" ? undefined : Number(text));

export async function action({ request, context, params }: ActionFunctionArgs) {
  // What is no form has nothing in it.
  const sent = await request.formData().catch(() => new FormData());
  const person = { request, context, form: sent };
  const spell = await asPerson(person, () => loadSpell(context, params["name"] ?? ""));
  const form = makeInputForm(spell.input.schema);
  const typed = readTyped(form, sent);
  const id = sent.get("form_id");
  const formId = typeof id === "string" ? id : "";
  if (sent.get("version") !== spell.version)
    return json<Answer>({ ...UNDECIDED, typed, formId, isRenewed: true }, { status: 409 });
  const built = buildPayload(form, typed);
  if (!built.isReadable)
    return json<Answer>({ ...UNDECIDED, typed, formId, unreadable: built.unreadable }, { status: 400 });
  const outcome = await castOutcome(context, formId, spell.output.content_type, () =>
    asPerson(person, () =>
      context.caller.casts.castOnce({
        spell_name: spell.name,
        payload: built.payload,
        max_cost_cents: centsOf(typed[MAX_COST]),
        form_id: formId,
      }),
    ),
  );
  return json<Answer>({ ...UNDECIDED, ...outcome, typed }, { status: outcome.problem?.status ?? 200 });
}

function Try() {
  const text = useText(messages);
  const { spell, form, typed, formId } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const problem = answer?.problem ?? null;
  const { price } = spell;
  const isFree = price.flat_micros === 0 && price.rate_micros_per_million_fuel === 0;
  return (
    <section aria-labelledby="try" className="panel mt-8 p-5 sm:p-6">
      <h2 id="try" className="text-xl font-semibold">
        {text.heading}
      </h2>
      <p className="mt-1 mb-5 text-sm text-soft">{isFree ? text.freeNote : text.note}</p>
      <CastForm
        key={`${spell.name} ${spell.version}`}
        action={`/dashboard/spells/${spell.name}#try`}
        form={form}
        formId={answer?.formId ?? formId}
        version={spell.version}
        typed={answer?.typed ?? typed}
        unreadable={answer?.unreadable ?? []}
        isMaxCostWrong={fieldNames(problem).includes(MAX_COST)}
      />
      {answer?.isRenewed === true && (
        <p role="alert" className="notice notice-warn mt-5">
          {text.renewed}
        </p>
      )}
      {problem !== null && <RefusedCast problem={problem} />}
      {/* There from the start: screen readers announce only what changes in a region they know. */}
      <div role="status">
        {answer?.cast != null && answer.result != null && (
          <div className="mt-6 grid grid-cols-[minmax(0,1fr)] gap-4 border-t border-line pt-5">
            <h3 className="font-semibold">{text.result}</h3>
            <ResultView result={answer.result} spell={spell.name} />
            <CastFacts cast={answer.cast} />
          </div>
        )}
      </div>
    </section>
  );
}

export default function SpellPage() {
  const text = useText(messages);
  const { spell, schema } = useLoaderData<typeof loader>();
  return (
    <article className="mt-8">
      <p className="text-sm">
        <Link className="link" to="/dashboard/spells">
          {text.back}
        </Link>
      </p>
      <h1 className="page-title mt-2">{spell.name}</h1>
      <p className="font-mono text-sm text-soft wrap-anywhere">{spell.key}</p>
      <p className="mt-3 mb-4 max-w-2xl text-lg wrap-anywhere">{spell.description}</p>
      <TagList tags={spell.tags} />
      <SpellFacts spell={spell} />
      <Try />
      <SpellSchema schema={schema} />
      <SpellVersions name={spell.name} versions={spell.versions} />
    </article>
  );
}
