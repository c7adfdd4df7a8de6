/** From the schema in which a spell states its input to the form that asks for it. */
import type { InputField, InputForm, JsonField, ValueField } from "./input-field.ts";

type Schema = Readonly<Record<string, unknown>>;

/** A text that may be longer than this is written into an area. */
const LINE_CHARACTERS = 200;
/** Shown where a spell takes any JSON, so that a first cast is one press away. */
const ANY_JSON = { hello: "world" };

const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const textOr = <Other>(value: unknown, other: Other) =>
  typeof value === "string" && value !== "" ? value : other;
const numberOr = <Other>(value: unknown, other: Other) => (typeof value === "number" ? value : other);
const jsonOf = (value: unknown) => (value === undefined ? "" : JSON.stringify(value, null, 2));

/** One step of a JSON pointer (RFC 6901). */
const step = (key: string) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;

/** Does the schema say no more than what members the object has, all that must be there among them? */
function membersOf(schema: Schema): [string, unknown][] | null {
  const { type, properties, required = [], additionalProperties } = schema;
  const isPlainObject = type === "object" && !["anyOf", "enum", "const"].some((keyword) => keyword in schema);
  if (!isPlainObject || !isSchema(properties) || isSchema(additionalProperties)) return null;
  const members = Object.entries(properties);
  const names = new Set(members.map(([name]) => name));
  const isComplete = Array.isArray(required) && required.every((name) => names.has(String(name)));
  return isComplete && members.length > 0 ? members : null;
}

const requires = ({ required }: Schema, key: string) => Array.isArray(required) && required.includes(key);

interface Where {
  readonly name: string;
  readonly key: string;
  readonly isRequired: boolean;
}

const placeOf = (where: Where, schema: Schema) => ({
  ...where,
  title: textOr(schema["title"], where.key),
  description: textOr(schema["description"], null),
});

const jsonField = (where: Where, schema: Schema, example?: unknown): JsonField => ({
  ...placeOf(where, schema),
  kind: "json",
  suggested: jsonOf(schema["default"] ?? example),
});

/** The values that are allowed, where the schema lists them. */
function listed({ enum: values, const: only }: Schema): readonly unknown[] | null {
  if (only !== undefined) return [only];
  return Array.isArray(values) ? values : null;
}

function choiceField(where: Where, schema: Schema, values: readonly unknown[]): ValueField {
  const options = values.map((value) => ({
    value: JSON.stringify(value),
    label: typeof value === "string" && value !== "" ? value : JSON.stringify(value),
  }));
  const preset = JSON.stringify(schema["default"] ?? null);
  const suggested = options.some(({ value }) => value === preset) ? preset : "";
  return { ...placeOf(where, schema), kind: "choice", options, suggested };
}

function textField(where: Where, schema: Schema): ValueField {
  const maxLength = numberOr(schema["maxLength"], null);
  return {
    ...placeOf(where, schema),
    kind: "text",
    isLong: maxLength === null || maxLength > LINE_CHARACTERS,
    minLength: numberOr(schema["minLength"], 0),
    maxLength,
    suggested: textOr(schema["default"], ""),
  };
}

/** The tighter of two bounds, of which either may be missing. */
const tighter = (pick: (...bounds: number[]) => number, bounds: readonly (number | null)[]) => {
  const given = bounds.filter((bound) => bound !== null);
  return given.length === 0 ? null : pick(...given);
};

function numberField(where: Where, schema: Schema, isInteger: boolean): ValueField {
  const [above, below] = [
    numberOr(schema["exclusiveMinimum"], null),
    numberOr(schema["exclusiveMaximum"], null),
  ];
  const [least, most] = [numberOr(schema["minimum"], null), numberOr(schema["maximum"], null)];
  const preset = numberOr(schema["default"], null);
  // A control has no bounds that are themselves excluded: for whole numbers the next one is the bound.
  const min = isInteger
    ? [least && Math.ceil(least), above === null ? null : Math.floor(above) + 1]
    : [least, above];
  const max = isInteger
    ? [most && Math.floor(most), below === null ? null : Math.ceil(below) - 1]
    : [most, below];
  return {
    ...placeOf(where, schema),
    kind: "number",
    isInteger,
    min: tighter(Math.max, min),
    max: tighter(Math.min, max),
    suggested: preset === null ? "" : String(preset),
  };
}

function valueField(where: Where, schema: unknown): ValueField {
  if (!isSchema(schema)) return jsonField(where, {});
  const values = listed(schema);
  if ("anyOf" in schema) return jsonField(where, schema);
  if (values !== null) return choiceField(where, schema, values);
  switch (schema["type"]) {
    case "string":
      return textField(where, schema);
    case "number":
    case "integer":
      return numberField(where, schema, schema["type"] === "integer");
    case "boolean":
      return {
        ...placeOf(where, schema),
        kind: "switch",
        suggested: typeof schema["default"] === "boolean" ? String(schema["default"]) : "",
      };
    default:
      return jsonField(where, schema);
  }
}

function inputField(parent: Schema, key: string, schema: unknown): InputField {
  const where = { name: step(key), key, isRequired: requires(parent, key) };
  const members = isSchema(schema) ? membersOf(schema) : null;
  if (!isSchema(schema) || members === null) return valueField(where, schema);
  return {
    ...placeOf(where, schema),
    kind: "group",
    suggested: "",
    members: members.map(([inner, innerSchema]) =>
      valueField(
        { name: step(key) + step(inner), key: inner, isRequired: requires(schema, inner) },
        innerSchema,
      ),
    ),
  };
}

/**
 * Fields for an object's strings, numbers, booleans, listed values and, one level deep, objects of such; JSON text for
 * all else. It only asks: what a payload must be is checked where the spell is cast.
 */
export function makeInputForm(schema: unknown): InputForm {
  const known = isSchema(schema) ? schema : {};
  const members = membersOf(known);
  if (members !== null)
    return { kind: "object", fields: members.map(([key, inner]) => inputField(known, key, inner)) };
  const examples = Array.isArray(known["examples"]) ? (known["examples"] as unknown[]) : [];
  const where = { name: "/", key: "", isRequired: true };
  return { kind: "whole", field: jsonField(where, known, schema === true ? ANY_JSON : examples[0]) };
}
