import { json, type LoaderFunctionArgs } from "@remix-run/node";
import { Link, useLoaderData, useNavigation } from "@remix-run/react";
import type { CastShown } from "../casts/cast-facts.tsx";
import { CastFilter, FILTERS } from "../casts/cast-filter.tsx";
import { CastTable } from "../casts/cast-table.tsx";
import { RunningCasts } from "../casts/running-casts.tsx";
import { PageLinks } from "../components/page-links.tsx";
import { readAsked } from "../components/read-asked.ts";
import { asPerson } from "../guards/person.server.ts";
import { useText } from "../language/language.tsx";
import { pageTitle } from "../language/page-title.ts";
import { fieldNames } from "../problems/field-names.ts";
import { ProblemNotice, type Description } from "../problems/problem-notice.tsx";
import { takeRefusal } from "../problems/take-refusal.server.ts";
import { messages } from "./dashboard.casts._index.messages.ts";

export const meta = pageTitle(messages);

interface Listed {
  readonly asked: Readonly<Partial<Record<(typeof FILTERS)[number] | "cursor", string>>>;
  /** Queued and running ones, which no filter leaves out. */
  readonly running: readonly CastShown[];
  readonly casts: readonly CastShown[];
  readonly nextCursor: string | null;
  readonly problem: Description | null;
}

export async function loader({ request, context }: LoaderFunctionArgs) {
  const asked = readAsked(request.url, [...FILTERS, "cursor"]);
  try {
    const { casts: verbs } = context.caller;
    const [page, running] = await asPerson({ request, context }, () =>
      Promise.all([
        // A state that there is none of is for the check of the input to refuse.
        verbs.list({ ...asked, status: asked.status as "COMPLETED" | undefined }),
        asked.cursor === undefined ? verbs.listRunning() : [],
      ]),
    );
    return json<Listed>({ asked, running, casts: page.data, nextCursor: page.next_cursor, problem: null });
  } catch (error) {
    const problem = takeRefusal(context, error);
    return json<Listed>(
      { asked, running: [], casts: [], nextCursor: null, problem },
      { status: problem.status },
    );
  }
}

function Nothing({ isFiltered }: { readonly isFiltered: boolean }) {
  const text = useText(messages);
  return (
    <p role="status">
      {isFiltered ? text.none : text.empty}{" "}
      <Link className="link" to={isFiltered ? "/dashboard/casts" : "/dashboard/spells"}>
        {isFiltered ? text.all : text.toGrimoire}
      </Link>
    </p>
  );
}

export default function Casts() {
  const text = useText(messages);
  const { asked, running, casts, nextCursor, problem } = useLoaderData<typeof loader>();
  const isLoading = useNavigation().state === "loading";
  const isFiltered = Object.keys(asked).length > 0;
  return (
    <section className="mt-8">
      <h1 className="page-title">{text.title}</h1>
      <p className="mt-3 max-w-2xl text-soft">{text.lead}</p>
      <RunningCasts casts={running} />
      {(isFiltered || casts.length > 0) && <CastFilter asked={asked} wrong={fieldNames(problem)} />}
      <div className="mt-6" aria-busy={isLoading}>
        <ProblemNotice problem={problem} />
        {problem === null && casts.length === 0 && <Nothing isFiltered={isFiltered} />}
        {casts.length > 0 && <CastTable casts={casts} />}
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
