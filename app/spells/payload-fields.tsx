import { useText } from "../language/language.tsx";
import type { InputField, InputForm, Typed, ValueField } from "./input-field.ts";
import { messages } from "./spell.messages.ts";
import { ValueControl } from "./value-control.tsx";

interface FieldsProps {
  readonly typed: Typed;
  /** The names of the fields whose JSON could not be read. */
  readonly unreadable: readonly string[];
}

function Field({
  field,
  id,
  typed,
  unreadable,
}: FieldsProps & { readonly field: InputField; readonly id: string }) {
  const text = useText(messages);
  const control = (value: ValueField, its: string) => (
    <ValueControl
      key={value.name}
      field={value}
      id={its}
      value={typed[value.name] ?? ""}
      isUnreadable={unreadable.includes(value.name)}
    />
  );
  if (field.kind !== "group") return control(field, id);
  return (
    <fieldset
      className="grid min-w-0 gap-4 border-l-2 border-line pl-4"
      aria-describedby={field.description === null ? undefined : `${id}-note`}
    >
      <legend className="mb-1 text-sm font-medium wrap-anywhere">
        {field.title}
        {!field.isRequired && <span className="font-normal text-soft">{text.optional}</span>}
      </legend>
      {field.description !== null && (
        <p id={`${id}-note`} className="text-sm text-soft">
          {field.description}
        </p>
      )}
      {field.members.map((member, i) => control(member, `${id}-${i}`))}
    </fieldset>
  );
}

/** The fields in which the payload of a cast is written. */
export function PayloadFields({ form, ...props }: FieldsProps & { readonly form: InputForm }) {
  const fields = form.kind === "whole" ? [form.field] : form.fields;
  return fields.map((field, i) => <Field key={field.name} field={field} id={`input-${i}`} {...props} />);
}
