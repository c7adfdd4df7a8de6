import type { ReactNode } from "react";
import { CodeBlock } from "../components/code-block.tsx";
import { Prose } from "../components/prose.tsx";
import { useText } from "../language/language.tsx";
import { messages } from "../routes/docs._index.messages.ts";
import { messages as errorMessages } from "../routes/docs.errors.messages.ts";
import { castAnswer, curlCast, problemExample, typedClient } from "./examples.ts";

/** The names that every problem carries, and what each of the categories asks of a program. */
function ErrorMembers() {
  const { problemMembers, allErrors } = useText(messages);
  const lists = [problemMembers, useText(errorMessages).categories];
  return (
    <>
      {lists.map(({ heading, entries }) => (
        <div key={heading}>
          <h3 className="text-sm font-semibold">{heading}</h3>
          <dl className="mt-2 divide-y divide-line border-y border-line text-sm">
            {entries.map(({ name, meaning }) => (
              <div
                key={name}
                className="grid grid-cols-[minmax(0,1fr)] gap-x-6 py-2 sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]"
              >
                <dt className="font-mono font-semibold break-words">{name}</dt>
                <dd className="text-soft">
                  <Prose text={meaning} />
                </dd>
              </div>
            ))}
          </dl>
        </div>
      ))}
      <p>
        <a className="link" href="/docs/errors">
          {allErrors}
        </a>
      </p>
    </>
  );
}

/** What a section shows besides its sentences. */
function Extra({ id, origin }: { readonly id: string; readonly origin: string }): ReactNode {
  const text = useText(messages).examples;
  switch (id) {
    case "first-cast":
      return (
        <>
          <CodeBlock label={text.curl} code={curlCast(origin)} />
          <CodeBlock label={text.answer} code={castAnswer} />
        </>
      );
    case "typed-client":
      return <CodeBlock label={text.client} code={typedClient(origin)} />;
    case "errors":
      return (
        <>
          <CodeBlock label={text.problem} code={problemExample(origin)} />
          <ErrorMembers />
        </>
      );
    default:
      return null;
  }
}

/** What to know before the first call. */
export function Introduction({ origin }: { readonly origin: string }) {
  const { introduction } = useText(messages);
  return (
    <>
      {introduction.map(({ id, heading, paragraphs }) => (
        <section key={id} id={id} aria-labelledby={`${id}-heading`} className="mt-12 first:mt-0">
          <h2 id={`${id}-heading`} className="text-2xl font-semibold tracking-tight">
            <a className="heading-link" href={`#${id}`}>
              {heading}
            </a>
          </h2>
          <div className="mt-3 grid grid-cols-[minmax(0,1fr)] gap-4">
            {paragraphs.map((paragraph) => (
              <p key={paragraph}>
                <Prose text={paragraph} />
              </p>
            ))}
            <Extra id={id} origin={origin} />
          </div>
        </section>
      ))}
    </>
  );
}
