import { expect, test } from "vitest";
import { buildPayload } from "./build-payload.ts";
import { makeInputForm } from "./make-input-form.ts";

const built = (schema: unknown, typed: Record<string, string>) => buildPayload(makeInputForm(schema), typed);
const payloadOf = (schema: unknown, typed: Record<string, string>) => {
  const payload = built(schema, typed);
  if (!payload.isReadable) throw new Error(`cannot be read: ${payload.unreadable.join(", ")}`);
  return payload.payload;
};
const object = (properties: object, ...required: readonly string[]) => ({
  type: "object",
  properties,
  required,
});

test("each field gives a value of its schema's type", () => {
  const schema = object({
    text: { type: "string" },
    ratio: { type: "number" },
    count: { type: "integer" },
    isLoud: { type: "boolean" },
    level: { enum: ["L", 2, null] },
    list: { type: "array" },
  });
  const typed = {
    "/text": " two\nlines ",
    "/ratio": ".5",
    "/count": "-3",
    "/isLoud": "false",
    "/level": "2",
    "/list": "[1, 2]",
  };
  expect(payloadOf(schema, typed)).toEqual({
    text: " two\nlines ",
    ratio: 0.5,
    count: -3,
    isLoud: false,
    level: 2,
    list: [1, 2],
  });
});

test("an empty field is left out, but a text that has to be there is an empty text", () => {
  const schema = object(
    { needed: { type: "string" }, other: { type: "string" }, n: { type: "number" } },
    "needed",
  );
  expect(payloadOf(schema, { "/needed": "", "/other": "", "/n": " " })).toEqual({ needed: "" });
  expect(payloadOf(schema, {})).toEqual({ needed: "" });
});

test("what does not fit its field is passed on for the payload's check to refuse", () => {
  const schema = object({ n: { type: "integer" }, is: { type: "boolean" }, of: { enum: ["a"] } });
  const typed = { "/n": "many", "/is": "perhaps", "/of": '"b"' };
  expect(payloadOf(schema, typed)).toEqual({ n: "many", is: "perhaps", of: '"b"' });
  expect(payloadOf(schema, { "/n": "1e999" }), "JSON has no infinity").toEqual({ n: "1e999" });
});

test("a nested object is there when it has to be, or when any of its fields is filled in", () => {
  const size = object({ width: { type: "integer" }, unit: { type: "string" } }, "unit");
  const optional = object({ size });
  expect(payloadOf(optional, { "/size/width": "", "/size/unit": "" })).toEqual({});
  expect(payloadOf(optional, { "/size/width": "3", "/size/unit": "" })).toEqual({
    size: { width: 3, unit: "" },
  });
  expect(payloadOf(object({ size }, "size"), {})).toEqual({ size: { unit: "" } });
});

test("names with slashes, dots and tildes meet their own fields, and __proto__ is a member", () => {
  const properties = { "a/b": { type: "string" }, "a~1b": { type: "string" }, "a.b": { type: "string" } };
  const typed = { "/a~1b": "slash", "/a~01b": "tilde", "/a.b": "dot", "/__proto__": "plain" };
  const schema = JSON.parse(
    JSON.stringify(object(properties)).replace('"a.b"', '"__proto__":{"type":"string"},"a.b"'),
  ) as unknown;
  expect(JSON.stringify(payloadOf(schema, typed))).toBe(
    '{"a/b":"slash","a~1b":"tilde","__proto__":"plain","a.b":"dot"}',
  );
});

test("a payload that is one JSON text is that value, null too", () => {
  expect(payloadOf(true, { "/": " null " })).toBe(null);
  expect(payloadOf({ type: "array" }, { "/": "[1]" })).toEqual([1]);
});

test("JSON that cannot be read is named by its field", () => {
  expect(built(true, { "/": "{" })).toEqual({ isReadable: false, unreadable: ["/"] });
  expect(built(true, { "/": "" })).toEqual({ isReadable: false, unreadable: ["/"] });
  const schema = object({ list: { type: "array" }, inner: object({ any: true }) });
  expect(built(schema, { "/list": "[", "/inner/any": "{" })).toEqual({
    isReadable: false,
    unreadable: ["/list", "/inner/any"],
  });
});
