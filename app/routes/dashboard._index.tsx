import { json, type LoaderFunctionArgs } from "@remix-run/node";
import { Link, useLoaderData, type ClientLoaderFunctionArgs } from "@remix-run/react";
import { asPerson } from "../guards/person.server.ts";
import { useFormats, useText } from "../language/language.tsx";
import { pageTitle } from "../language/page-title.ts";
import { Figures } from "../overview/figures.tsx";
import { LimitPanel } from "../overview/limit-panel.tsx";
import { MonthGraph } from "../overview/month-graph.tsx";
import type { Overview } from "../overview/overview.ts";
import { SpellTable } from "../overview/spell-table.tsx";
import { useRefresh } from "../overview/use-refresh.ts";
import { messages } from "./dashboard._index.messages.ts";

interface Answer {
  readonly overview: Overview;
  /** The figures are older ones: new ones could not be read. */
  readonly isStale: boolean;
}

export const meta = pageTitle(messages);

export async function loader({ request, context }: LoaderFunctionArgs) {
  const overview = await asPerson({ request, context }, () => context.caller.usage.overview());
  return json<Answer>({ overview, isStale: false });
}

/** In the browser: what was shown last. A document has one person. */
let lastShown: Overview | null = null;

/** What stands between the server and the browser may answer with something else. */
const isAnswer = (value: unknown): value is Answer =>
  typeof value === "object" && value !== null && "overview" in value;

/** A refresh that fails leaves the figures there are, and says so; whoever is signed out is led to sign in. */
export async function clientLoader({ serverLoader }: ClientLoaderFunctionArgs): Promise<Answer> {
  try {
    const answer: unknown = await serverLoader();
    if (!isAnswer(answer)) throw new Error("the answer is none of ours");
    lastShown = answer.overview;
    return answer;
  } catch (error) {
    if (error instanceof Response || lastShown === null) throw error;
    return { overview: lastShown, isStale: true };
  }
}
clientLoader.hydrate = true as const;

function Empty() {
  const text = useText(messages).empty;
  const steps = [
    { to: "/dashboard/api-keys", name: text.key, note: text.keyNote },
    { to: "/dashboard/spells", name: text.cast, note: text.castNote },
  ];
  return (
    <section aria-labelledby="empty" className="panel mt-6 p-5">
      <h2 id="empty" className="text-lg font-semibold">
        {text.heading}
      </h2>
      <p className="mt-1 text-soft">{text.text}</p>
      <ul className="mt-4 grid gap-4 sm:grid-cols-2">
        {steps.map(({ to, name, note }) => (
          <li key={to}>
            <Link className="link inline-block py-1 font-semibold" to={to}>
              {name}
            </Link>
            <p className="text-sm text-soft">{note}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

export default function DashboardOverview() {
  const text = useText(messages);
  const formats = useFormats();
  const { overview, isStale } = useLoaderData<Answer>();
  useRefresh();
  const { month, read_at: readAt, today } = overview;
  return (
    <>
      <h1 className="page-title mt-8">{text.title}</h1>
      <p className="mt-2 text-sm text-soft">
        {isStale ? null : text.updated(formats.dayAndTime(readAt))}
        <span role="status">{isStale ? text.stale(formats.dayAndTime(readAt)) : null}</span>
      </p>
      <Figures overview={overview} />
      <LimitPanel overview={overview} />
      {month.days.length === 0 ? (
        <Empty />
      ) : (
        <>
          <MonthGraph month={month} today={today} />
          <SpellTable month={month} />
        </>
      )}
    </>
  );
}
