import { Fragment } from "react";
import { Prose } from "../components/prose.tsx";
import { useText } from "../language/language.tsx";
import { messages } from "../routes/docs._index.messages.ts";
import type { Field } from "./fields.ts";
import type { Note } from "./notes.ts";
import type { Place } from "./openapi.ts";

function NoteText({ label, values }: Note) {
  return (
    <>
      {label}{" "}
      {values.map((value, index) => (
        <span key={value}>
          {index > 0 && ", "}
          <code className="font-mono break-all text-ink">{value}</code>
        </span>
      ))}
    </>
  );
}

/** A long name breaks where its parts meet. */
function BreakableName({ name }: { readonly name: string }) {
  return name.split(/(?<=[._])/).map((part, index) => (
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}

/** In a request it matters what must be sent, in an answer what may be missing. */
function Presence({ isRequired, isInput }: { readonly isRequired: boolean; readonly isInput: boolean }) {
  const text = useText(messages).reference;
  if (isInput && isRequired) return <span className="font-semibold text-gold">{text.required}</span>;
  return !isInput && !isRequired ? <span>{text.optional}</span> : null;
}

export interface FieldListProps {
  readonly fields: readonly (Field & { readonly place?: Place })[];
  readonly isInput: boolean;
}

/** Fields by name, each with what there is to know of it. */
export function FieldList({ fields, isInput }: FieldListProps) {
  const text = useText(messages).reference;
  return (
    <ul className="divide-y divide-line border-y border-line text-sm">
      {fields.map(({ name, place, type, isRequired, description, notes }, index) => (
        <li
          key={`${name} ${index}`}
          className="grid grid-cols-[minmax(0,1fr)] gap-x-6 py-2 sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]"
        >
          <code className="font-mono font-semibold break-words">
            <BreakableName name={name} />
          </code>
          <div className="min-w-0 text-soft">
            <p className="flex flex-wrap gap-x-3">
              <span>{type}</span>
              {place !== undefined && <span>{text.places[place]}</span>}
              <Presence isRequired={isRequired} isInput={isInput} />
            </p>
            {description !== null && (
              <p className="text-ink" lang="en">
                <Prose text={description} />
              </p>
            )}
            {notes.map((note) => (
              <p key={note.label}>
                <NoteText {...note} />
              </p>
            ))}
          </div>
        </li>
      ))}
    </ul>
  );
}
