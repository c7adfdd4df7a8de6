import { expect, test } from "vitest";
import { makeInputForm } from "./make-input-form.ts";

const object = (properties: object, ...required: readonly string[]) => ({
  type: "object",
  properties,
  required,
});

function fieldsOf(properties: object, ...required: readonly string[]) {
  const form = makeInputForm(object(properties, ...required));
  if (form.kind !== "object") throw new Error("the payload has no fields");
  return form.fields;
}

test("a field takes its title, description, need and bounds from the schema", () => {
  const [text, count, ratio] = fieldsOf(
    {
      text: { type: "string", title: "Text", description: "What it says.", minLength: 1, maxLength: 40 },
      count: { type: "integer", exclusiveMinimum: 0, maximum: 9.5, default: 3 },
      ratio: { type: "number", minimum: 0.5, exclusiveMaximum: 2 },
    },
    "text",
  );
  expect(text).toEqual({
    kind: "text",
    name: "/text",
    key: "text",
    title: "Text",
    description: "What it says.",
    isRequired: true,
    isLong: false,
    minLength: 1,
    maxLength: 40,
    suggested: "",
  });
  expect(count).toMatchObject({ kind: "number", isInteger: true, min: 1, max: 9, suggested: "3" });
  expect(count).toMatchObject({ title: "count", description: null, isRequired: false });
  expect(ratio).toMatchObject({ kind: "number", isInteger: false, min: 0.5, max: 2 });
});

test("a text without a limit, or with a large one, is written into an area", () => {
  const fields = fieldsOf({ a: { type: "string" }, b: { type: "string", maxLength: 2_953 } });
  expect(fields).toMatchObject([{ isLong: true }, { isLong: true }]);
});

test("listed values are a choice, and each stays the JSON value that it is", () => {
  const [level, only] = fieldsOf({
    level: { enum: ["L", 2, null, ""], default: "L" },
    only: { const: true },
  });
  expect(level).toMatchObject({
    kind: "choice",
    suggested: '"L"',
    options: [
      { value: '"L"', label: "L" },
      { value: "2", label: "2" },
      { value: "null", label: "null" },
      { value: '""', label: '""' },
    ],
  });
  expect(only).toMatchObject({ kind: "choice", options: [{ value: "true", label: "true" }], suggested: "" });
});

test("objects get fields one level deep, and what is deeper or of another kind is JSON text", () => {
  const inner = object({ x: { type: "number" } });
  const [group, either, list, any] = fieldsOf({
    group: object({ size: { type: "integer" }, inner }, "size"),
    either: { anyOf: [{ type: "string" }, { type: "number" }] },
    list: { type: "array", default: [1] },
    any: true,
  });
  expect(group).toMatchObject({
    kind: "group",
    members: [
      { kind: "number", name: "/group/size", isRequired: true },
      { kind: "json", name: "/group/inner", isRequired: false },
    ],
  });
  expect(either).toMatchObject({ kind: "json" });
  expect(list).toMatchObject({ kind: "json", suggested: "[\n  1\n]" });
  expect(any).toMatchObject({ kind: "json" });
});

test.each([
  ["any JSON", true],
  ["an array", { type: "array" }],
  ["an object of unknown members", { type: "object" }],
  [
    "an object with further members of a kind",
    { ...object({ a: true }), additionalProperties: { type: "string" } },
  ],
  ["a member that must be there and is not described", object({ a: true }, "b")],
  ["one of several shapes", { ...object({ a: true }), anyOf: [true] }],
  ["what is no schema", null],
])("%s is one JSON text", (_what, schema) => {
  expect(makeInputForm(schema)).toMatchObject({ kind: "whole", field: { kind: "json", name: "/" } });
});

test("an example of the schema stands in the form where no default does", () => {
  const suggestedOf = (schema: unknown) => {
    const form = makeInputForm(schema);
    return form.kind === "whole" ? form.field.suggested : null;
  };
  expect(suggestedOf({ type: "array", examples: [[1]] })).toBe("[\n  1\n]");
  expect(suggestedOf({ type: "array", default: [], examples: [[1]] })).toBe("[]");
  expect(suggestedOf(true)).toContain("hello");
});
