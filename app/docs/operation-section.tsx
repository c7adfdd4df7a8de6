import type { ReactNode } from "react";
import { Prose } from "../components/prose.tsx";
import { useText } from "../language/language.tsx";
import { messages } from "../routes/docs._index.messages.ts";
import { ErrorLinks } from "./error-links.tsx";
import { FieldList } from "./field-list.tsx";
import type { NamedOperation } from "./name-groups.ts";
import type { Answer, Body } from "./operations.ts";

function Part({ heading, children }: { readonly heading: string; readonly children: ReactNode }) {
  return (
    <section className="mt-6">
      <h4 className="mb-2 text-sm font-semibold">{heading}</h4>
      {children}
    </section>
  );
}

function BodyFields({ body, isInput }: { readonly body: Body; readonly isInput: boolean }) {
  return (
    <div className="mt-2">
      <p className="mb-2 text-sm text-soft">
        <code className="font-mono">{body.mediaType}</code>: {body.type}
      </p>
      {body.fields.length > 0 && <FieldList fields={body.fields} isInput={isInput} />}
    </div>
  );
}

function AnswerPart({ answer }: { readonly answer: Answer }) {
  const text = useText(messages).reference;
  return (
    <Part heading={text.answer(answer.status)}>
      <p className="text-sm text-soft" lang="en">
        <Prose text={answer.description} />
      </p>
      {answer.headers.length > 0 && <FieldList fields={answer.headers} isInput={false} />}
      {answer.bodies.map((body) => (
        <BodyFields key={body.mediaType} body={body} isInput={false} />
      ))}
    </Part>
  );
}

/** One operation: how to ask, what comes back, what can go wrong. What the contracts say of it is in English. */
export function OperationSection({ operation }: { readonly operation: NamedOperation }) {
  const text = useText(messages).reference;
  const { id, method, path, named, description, needsKey, parameters, bodies, answers, errors } = operation;
  return (
    <section id={id} aria-labelledby={`${id}-heading`} className="panel mt-6 p-5 sm:p-7">
      <h3 id={`${id}-heading`} className="text-lg font-semibold">
        <a className="heading-link" href={`#${id}`} lang={named.language}>
          {named.name}
        </a>
      </h3>
      <p className="mt-2 flex flex-wrap items-baseline gap-x-3 gap-y-1 font-mono text-sm">
        <span className="method" data-method={method}>
          {method}
        </span>
        <span className="break-all">{path}</span>
      </p>
      <p className="mt-3 text-sm text-soft">{needsKey ? text.needsKey : text.isOpen}</p>
      {description !== null && (
        <p className="mt-2" lang="en">
          <Prose text={description} />
        </p>
      )}
      {parameters.length > 0 && (
        <Part heading={text.parameters}>
          <FieldList fields={parameters} isInput />
        </Part>
      )}
      {bodies.length > 0 && (
        <Part heading={text.body}>
          {bodies.map((body) => (
            <BodyFields key={body.mediaType} body={body} isInput />
          ))}
        </Part>
      )}
      {answers.map((answer) => (
        <AnswerPart key={answer.status} answer={answer} />
      ))}
      <Part heading={text.errors}>
        <ErrorLinks errors={errors} />
      </Part>
    </section>
  );
}
