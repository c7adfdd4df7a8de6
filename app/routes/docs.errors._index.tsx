import { json, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Prose } from "../components/prose.tsx";
import { Trail } from "../docs/trail.tsx";
import { messages } from "./docs.errors.messages.ts";

export const meta: MetaFunction = () => [
  { title: messages.title },
  { name: "description", content: messages.lead },
];

export function loader({ context }: LoaderFunctionArgs) {
  const errors = context.errorReference.map(({ error, status, title, explanation }) => ({
    error,
    status,
    title,
    explanation,
  }));
  return json({ errors: errors.sort((a, b) => a.status - b.status) });
}

export default function Errors() {
  const { errors } = useLoaderData<typeof loader>();
  return (
    <div className="page" lang="en">
      <Trail here={messages.headline} above={[{ href: "/docs", name: messages.reference }]} />
      <h1 className="page-title">{messages.headline}</h1>
      <p className="mt-4 max-w-2xl text-lg text-soft">{messages.lead}</p>
      <ul className="mt-10 divide-y divide-line border-y border-line">
        {errors.map(({ error, status, title, explanation }) => (
          <li
            key={error}
            className="grid gap-x-6 gap-y-1 py-4 md:grid-cols-[3rem_minmax(0,16rem)_minmax(0,1fr)]"
          >
            <span className="text-soft tabular-nums">{status}</span>
            <div>
              <a className="link font-mono text-sm font-semibold break-words" href={`/docs/errors/${error}`}>
                {error}
              </a>
              <p className="text-sm">{title}</p>
            </div>
            <p className="text-soft">
              <Prose text={explanation} />
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}
