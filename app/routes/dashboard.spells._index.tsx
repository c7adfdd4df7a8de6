import { json, type LoaderFunctionArgs } from "@remix-run/node";
import { Form, Link, useLoaderData, useNavigation } from "@remix-run/react";
import { PageLinks } from "../components/page-links.tsx";
import { readAsked } from "../components/read-asked.ts";
import { asPerson } from "../guards/person.server.ts";
import { useFormats, useText } from "../language/language.tsx";
import { pageTitle } from "../language/page-title.ts";
import { ProblemNotice, type Description } from "../problems/problem-notice.tsx";
import { takeRefusal } from "../problems/take-refusal.server.ts";
import { priceInWords } from "../spells/price.ts";
import { messages as spellMessages } from "../spells/spell.messages.ts";
import { TagList } from "../spells/tag-list.tsx";
import { messages } from "./dashboard.spells._index.messages.ts";

export const meta = pageTitle(messages);

interface Spell {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly price: { readonly flat_micros: number; readonly rate_micros_per_million_fuel: number };
}

interface Asked {
  readonly q?: string;
  readonly tag?: string;
  readonly cursor?: string;
}

interface Listed {
  readonly asked: Asked;
  readonly spells: readonly Spell[];
  readonly nextCursor: string | null;
  readonly problem: Description | null;
}

export async function loader({ request, context }: LoaderFunctionArgs) {
  const asked = readAsked(request.url, ["q", "tag", "cursor"]);
  try {
    const page = await asPerson({ request, context }, () => context.caller.spells.list(asked));
    return json<Listed>({ asked, spells: page.data, nextCursor: page.next_cursor, problem: null });
  } catch (error) {
    const problem = takeRefusal(context, error);
    return json<Listed>({ asked, spells: [], nextCursor: null, problem }, { status: problem.status });
  }
}

function Search({ asked }: { readonly asked: Asked }) {
  const text = useText(messages);
  return (
    <Form method="get" role="search" className="mt-6 flex flex-wrap items-end gap-3" key={asked.q ?? ""}>
      {asked.tag !== undefined && <input type="hidden" name="tag" value={asked.tag} />}
      <div className="grid grow basis-64 gap-1">
        <label htmlFor="q" className="text-sm font-medium">
          {text.search}
        </label>
        <p id="q-note" className="text-sm text-soft">
          {text.searchNote}
        </p>
        <input
          id="q"
          type="search"
          name="q"
          maxLength={100}
          defaultValue={asked.q ?? ""}
          className="field"
          aria-describedby="q-note"
        />
      </div>
      <button type="submit" className="button">
        {text.find}
      </button>
    </Form>
  );
}

function SpellItem({ spell }: { readonly spell: Spell }) {
  const text = useText(spellMessages);
  const formats = useFormats();
  return (
    <li className="panel grid content-start gap-3 p-5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 className="text-lg font-semibold wrap-anywhere">
          <Link className="link" to={`/dashboard/spells/${spell.name}`}>
            {spell.name}
          </Link>
        </h2>
        <p className="text-sm text-soft">{text.version(spell.version)}</p>
      </div>
      <p className="wrap-anywhere">{spell.description}</p>
      <p className="text-sm font-medium tabular-nums">{priceInWords(text, formats, spell.price)}</p>
      <TagList tags={spell.tags} />
    </li>
  );
}

export default function Grimoire() {
  const text = useText(messages);
  const { asked, spells, nextCursor, problem } = useLoaderData<typeof loader>();
  const isLoading = useNavigation().state === "loading";
  const isNarrowed = asked.q !== undefined || asked.tag !== undefined;
  return (
    <section className="mt-8">
      <h1 className="page-title">{text.title}</h1>
      <p className="mt-3 max-w-2xl text-soft">{text.lead}</p>
      <Search asked={asked} />
      {isNarrowed && (
        <p className="mt-4 flex flex-wrap gap-x-4">
          {asked.tag !== undefined && <span>{text.tagged(asked.tag)}</span>}
          <Link className="link" to="/dashboard/spells">
            {text.all}
          </Link>
        </p>
      )}
      <div className="mt-6" aria-busy={isLoading}>
        <ProblemNotice problem={problem} />
        {problem === null && spells.length === 0 && (
          <p role="status">{isNarrowed || asked.cursor !== undefined ? text.none : text.empty}</p>
        )}
        <ul className="grid grid-cols-[minmax(0,1fr)] gap-4 md:grid-cols-2">
          {spells.map((spell) => (
            <SpellItem key={spell.name} spell={spell} />
          ))}
        </ul>
        <PageLinks
          label={text.pages}
          first={text.first}
          next={text.next}
          query={asked}
          nextCursor={nextCursor}
        />
      </div>
    </section>
  );
}
