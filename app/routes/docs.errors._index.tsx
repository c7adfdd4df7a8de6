import { json, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Prose } from "../components/prose.tsx";
import { errorIn } from "../docs/error-text.ts";
import { Trail } from "../docs/trail.tsx";
import { useText } from "../language/language.tsx";
import { pageTitle } from "../language/page-title.ts";
import { messages } from "./docs.errors.messages.ts";

export const meta = pageTitle(messages);

export function loader({ context }: LoaderFunctionArgs) {
  const errors = context.errorReference
    .map((kind) => errorIn(kind, context.language))
    .map(({ error, status, title, explanation }) => ({ error, status, title, explanation }));
  return json({ errors: errors.sort((a, b) => a.status - b.status) });
}

export default function Errors() {
  const text = useText(messages);
  const { errors } = useLoaderData<typeof loader>();
  return (
    <div className="page">
      <Trail here={text.title} above={[{ href: "/docs", name: text.reference }]} />
      <h1 className="page-title">{text.title}</h1>
      <p className="mt-4 max-w-2xl text-lg text-soft">{text.description}</p>
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
