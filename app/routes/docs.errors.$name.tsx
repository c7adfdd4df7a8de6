import { json, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import type { ReactNode } from "react";
import { Prose } from "../components/prose.tsx";
import { errorIn } from "../docs/error-text.ts";
import { describeOperations } from "../docs/operations.ts";
import { schemaWords } from "../docs/schema.messages.ts";
import { Trail } from "../docs/trail.tsx";
import { useText } from "../language/language.tsx";
import { NAME } from "../root.messages.ts";
import { messages } from "./docs.errors.messages.ts";

export const meta: MetaFunction<typeof loader> = ({ data }) =>
  data === undefined
    ? []
    : [{ title: `${data.kind.error} · ${NAME}` }, { name: "description", content: data.kind.explanation }];

export function loader({ context, params }: LoaderFunctionArgs) {
  const kind = context.errorReference.find(({ error }) => error === params["name"]);
  // Remix renders a thrown response through the error boundary, with its status.
  // eslint-disable-next-line @typescript-eslint/only-throw-error
  if (kind === undefined) throw new Response(null, { status: 404 });
  const operations = describeOperations(context.apiReference, schemaWords.en).flatMap(
    (group) => group.operations,
  );
  const givenBy = operations
    .filter(({ errors }) => errors.some(({ error }) => error === kind.error))
    .map(({ id, method, path }) => ({ id, method, path }));
  return json({
    kind: errorIn(kind, context.language),
    givenBy,
    isGivenByAll: givenBy.length === operations.length,
  });
}

function Part({ heading, children }: { readonly heading: string; readonly children: ReactNode }) {
  return (
    <section className="mt-8">
      <h2 className="text-lg font-semibold">{heading}</h2>
      <div className="mt-2">{children}</div>
    </section>
  );
}

export default function ErrorPage() {
  const text = useText(messages);
  const { kind, givenBy, isGivenByAll } = useLoaderData<typeof loader>();
  const worth = text.categories.entries.find(({ name }) => name === kind.category);
  const above = [
    { href: "/docs", name: text.reference },
    { href: "/docs/errors", name: text.title },
  ];
  const facts = [
    { name: text.status, value: String(kind.status) },
    { name: "error", value: kind.error },
    { name: "error_code", value: kind.errorCodes.join(", ") },
    { name: text.category, value: kind.category },
  ];
  return (
    <article className="page">
      <Trail above={above} here={kind.error} />
      <h1 className="page-title">{kind.title}</h1>
      <dl className="panel mt-6 grid gap-x-8 gap-y-4 p-5 sm:grid-cols-2 lg:grid-cols-4">
        {facts.map(({ name, value }) => (
          <div key={name}>
            <dt className="text-sm text-soft">{name}</dt>
            <dd className="font-mono text-sm font-semibold wrap-anywhere">{value}</dd>
          </div>
        ))}
      </dl>
      <Part heading={text.meaning}>
        <p className="max-w-2xl">
          <Prose text={kind.explanation} />
        </p>
      </Part>
      <Part heading={text.remedy}>
        <p className="max-w-2xl">
          <Prose text={kind.remedy} />
        </p>
        {worth !== undefined && (
          <p className="mt-2 max-w-2xl text-soft">
            <Prose text={worth.meaning} />
          </p>
        )}
      </Part>
      <Part heading={text.givenBy}>
        {givenBy.length === 0 && <p>{text.givenByNone}</p>}
        {isGivenByAll && <p>{text.givenByAll}</p>}
        {!isGivenByAll && (
          <ul className="grid gap-2">
            {givenBy.map(({ id, method, path }) => (
              <li key={id}>
                <a className="link font-mono text-sm break-all" href={`/docs#${id}`}>
                  {method} {path}
                </a>
              </li>
            ))}
          </ul>
        )}
      </Part>
    </article>
  );
}
