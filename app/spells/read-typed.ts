import type { InputForm, Typed, ValueField } from "./input-field.ts";

/** Every control of a form, in its order. */
export const controlsOf = (form: InputForm): readonly ValueField[] =>
  form.kind === "whole"
    ? [form.field]
    : form.fields.flatMap((field) => (field.kind === "group" ? field.members : [field]));

/** The fields of a cast that do not come from the spell's schema. */
export const MAX_COST = "max_cost_cents";

/** What was sent, or led back to after signing in. A browser sends line ends as CR LF, whatever was typed. */
export function readTyped(form: InputForm, sent: FormData | URLSearchParams): Typed {
  const names = [...controlsOf(form).map(({ name }) => name), MAX_COST];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = sent.get(name);
      return typeof value === "string" ? [[name, value.replaceAll("\r\n", "\n")]] : [];
    }),
  );
}

/** What the schema suggests, for a form that nobody has filled in. */
export const suggestedBy = (form: InputForm): Typed =>
  Object.fromEntries(controlsOf(form).map(({ name, suggested }) => [name, suggested]));
