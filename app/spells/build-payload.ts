/** From what a form was sent with to the payload of a cast, by the fields that the schema became. */
import type { GroupField, InputForm, Typed, ValueField } from "./input-field.ts";

export type Payload =
  | { readonly isReadable: true; readonly payload: unknown }
  /** The names of the fields whose JSON cannot be read. */
  | { readonly isReadable: false; readonly unreadable: readonly string[] };

/** As number controls send them. */
const DECIMAL = /^-?(?:\d+|\d*\.\d+)(?:e[+-]?\d+)?$/i;

/** A member that is not given. */
const ABSENT = Symbol("absent");

interface Reading {
  readonly typed: Typed;
  readonly unreadable: string[];
}

function readJson(text: string, name: string, { unreadable }: Reading): unknown {
  try {
    return JSON.parse(text);
  } catch {
    unreadable.push(name);
    return ABSENT;
  }
}

/** What does not fit its field goes on as the text that it is: the check of the payload says best what is wrong. */
function readValue(field: ValueField, reading: Reading): unknown {
  const text = reading.typed[field.name] ?? "";
  if (field.kind === "text") return text === "" && !field.isRequired ? ABSENT : text;
  if (text.trim() === "" && !(field.kind === "json" && field.isRequired)) return ABSENT;
  switch (field.kind) {
    case "number":
      return DECIMAL.test(text.trim()) && Number.isFinite(Number(text)) ? Number(text) : text;
    case "switch":
      return text === "true" || (text === "false" ? false : text);
    case "choice":
      return field.options.some(({ value }) => value === text) ? JSON.parse(text) : text;
    case "json":
      return readJson(text, field.name, reading);
  }
}

/** `fromEntries` defines members: one named `__proto__` is a member like any other. */
const objectOf = (fields: readonly { readonly key: string }[], values: readonly unknown[]) =>
  Object.fromEntries(
    fields.map(({ key }, i) => [key, values[i]] as const).filter(([, value]) => value !== ABSENT),
  );

/** An object that need not be there is there when any of its members is. */
function readGroup(group: GroupField, reading: Reading): unknown {
  const values = group.members.map((member) => readValue(member, reading));
  if (!group.isRequired && values.every((value) => value === ABSENT || value === "")) return ABSENT;
  return objectOf(group.members, values);
}

/** The payload that was asked for, if every JSON text in it can be read. */
export function buildPayload(form: InputForm, typed: Typed): Payload {
  const reading: Reading = { typed, unreadable: [] };
  const read = () => {
    if (form.kind === "whole") return readValue(form.field, reading);
    const values = form.fields.map((field) =>
      field.kind === "group" ? readGroup(field, reading) : readValue(field, reading),
    );
    return objectOf(form.fields, values);
  };
  const payload = read();
  return reading.unreadable.length === 0
    ? { isReadable: true, payload }
    : { isReadable: false, unreadable: reading.unreadable };
}
