import { json, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Contents } from "../docs/contents.tsx";
import { Introduction } from "../docs/introduction.tsx";
import { apiOrigin } from "../docs/openapi.ts";
import { OperationSection } from "../docs/operation-section.tsx";
import { describeOperations } from "../docs/operations.ts";
import { schemaWords } from "../docs/schema.messages.ts";
import { messages } from "./docs._index.messages.ts";

export const meta: MetaFunction = () => [
  { title: messages.title },
  { name: "description", content: messages.lead },
];

export function loader({ context: { apiReference } }: LoaderFunctionArgs) {
  return json({
    origin: apiOrigin(apiReference),
    groups: describeOperations(apiReference, schemaWords),
  });
}

export default function ApiReference() {
  const { origin, groups } = useLoaderData<typeof loader>();
  return (
    <div className="page" lang="en">
      <h1 className="page-title">{messages.headline}</h1>
      <p className="mt-4 max-w-2xl text-lg text-soft">
        {messages.lead}{" "}
        <a className="link" href="/v1/openapi.json">
          {messages.openapi}
        </a>
      </p>
      <div className="lg:mt-12 lg:grid lg:grid-cols-[15rem_minmax(0,1fr)] lg:gap-14">
        <Contents groups={groups} />
        <div className="mt-10 min-w-0 lg:mt-0">
          <Introduction origin={origin} />
          {groups.map(({ id, name, operations }) => (
            <section key={id} id={id} aria-labelledby={`${id}-heading`} className="mt-16">
              <h2 id={`${id}-heading`} className="text-2xl font-semibold tracking-tight">
                <a className="heading-link" href={`#${id}`}>
                  {name}
                </a>
              </h2>
              {operations.map((operation) => (
                <OperationSection key={operation.id} operation={operation} />
              ))}
            </section>
          ))}
        </div>
      </div>
    </div>
  );
}
