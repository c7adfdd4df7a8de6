import { json, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Contents } from "../docs/contents.tsx";
import { Introduction } from "../docs/introduction.tsx";
import { apiOrigin } from "../docs/openapi.ts";
import { OperationSection } from "../docs/operation-section.tsx";
import { nameGroups } from "../docs/name-groups.ts";
import { describeOperations } from "../docs/operations.ts";
import { schemaWords } from "../docs/schema.messages.ts";
import { useText } from "../language/language.tsx";
import { pageTitle } from "../language/page-title.ts";
import { messages } from "./docs._index.messages.ts";

export const meta = pageTitle(messages);

export function loader({ context: { apiReference, language } }: LoaderFunctionArgs) {
  return json({
    origin: apiOrigin(apiReference),
    groups: nameGroups(describeOperations(apiReference, schemaWords[language]), language),
  });
}

export default function ApiReference() {
  const text = useText(messages);
  const { origin, groups } = useLoaderData<typeof loader>();
  return (
    <div className="page">
      <h1 className="page-title">{text.title}</h1>
      <p className="mt-4 max-w-2xl text-lg text-soft">
        {text.description}{" "}
        <a className="link" href="/v1/openapi.json">
          {text.openapi}
        </a>
      </p>
      <div className="lg:mt-12 lg:grid lg:grid-cols-[15rem_minmax(0,1fr)] lg:gap-14">
        <Contents groups={groups} />
        <div className="mt-10 min-w-0 lg:mt-0">
          <Introduction origin={origin} />
          {groups.map(({ id, named, operations }) => (
            <section key={id} id={id} aria-labelledby={`${id}-heading`} className="mt-16">
              <h2 id={`${id}-heading`} className="text-2xl font-semibold tracking-tight">
                <a className="heading-link" href={`#${id}`} lang={named.language}>
                  {named.name}
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
