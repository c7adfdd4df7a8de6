import { expect, test } from "vitest";
import { checkInputSchema, inputProblems, InputSchemaRefused } from "./input-schema.ts";

/** What is wrong with a payload under a schema that a maker could publish. */
function problemsOf(schema: unknown, payload: unknown): string[] {
  checkInputSchema(schema);
  const json = JSON.stringify(schema);
  return inputProblems({ digest: json, json }, payload);
}

const nested = (depth: number): unknown =>
  depth === 0 ? { type: "string" } : { type: "array", items: nested(depth - 1) };

test.each([
  ["type", { type: "integer" }, 1, 1.5, "the payload must be integer"],
  ["several types", { type: ["string", "null"] }, null, 1, "the payload must be string,null"],
  [
    "enum",
    { enum: [{ a: 1 }, 3] },
    { a: 1 },
    { a: 2 },
    "the payload must be equal to one of the allowed values",
  ],
  ["const", { const: "x" }, "x", "y", "the payload must be equal to constant"],
  [
    "properties",
    { type: "object", properties: { a: { type: "string" } } },
    { a: "" },
    { a: 1 },
    "/a must be string",
  ],
  [
    "required",
    { type: "object", properties: { a: {} }, required: ["a"] },
    { a: null },
    {},
    "the payload must have required property 'a'",
  ],
  [
    "additionalProperties",
    { type: "object", properties: { a: {} }, additionalProperties: false },
    { a: 1 },
    { b: 1 },
    "the payload must NOT have additional properties",
  ],
  [
    "additionalProperties with a schema",
    { type: "object", additionalProperties: { type: "number" } },
    { b: 1 },
    { b: "1" },
    "/b must be number",
  ],
  [
    "minProperties",
    { type: "object", minProperties: 1 },
    { a: 1 },
    {},
    "the payload must NOT have fewer than 1 properties",
  ],
  [
    "maxProperties",
    { type: "object", maxProperties: 0 },
    {},
    { a: 1 },
    "the payload must NOT have more than 0 properties",
  ],
  ["items", { type: "array", items: { type: "boolean" } }, [true], [true, 0], "/1 must be boolean"],
  ["minItems", { type: "array", minItems: 1 }, [0], [], "the payload must NOT have fewer than 1 items"],
  ["maxItems", { type: "array", maxItems: 1 }, [0], [0, 0], "the payload must NOT have more than 1 items"],
  [
    "minLength",
    { type: "string", minLength: 2 },
    "ab",
    "😀",
    "the payload must NOT have fewer than 2 characters",
  ],
  [
    "maxLength",
    { type: "string", maxLength: 1 },
    "😀",
    "ab",
    "the payload must NOT have more than 1 characters",
  ],
  ["minimum", { type: "number", minimum: 0 }, 0, -1, "the payload must be >= 0"],
  ["maximum", { type: "number", maximum: 0 }, 0, 1, "the payload must be <= 0"],
  ["exclusiveMinimum", { type: "number", exclusiveMinimum: 0 }, 0.1, 0, "the payload must be > 0"],
  ["exclusiveMaximum", { type: "number", exclusiveMaximum: 0 }, -0.1, 0, "the payload must be < 0"],
])("%s is applied", (_what, schema, good, bad, problem) => {
  expect(problemsOf(schema, good)).toEqual([]);
  expect(problemsOf(schema, bad)).toEqual([problem]);
});

test("anyOf takes a payload that fits one of its schemas", () => {
  const schema = { anyOf: [{ type: "string" }, { type: "array", items: { type: "integer" } }] };
  expect(problemsOf(schema, "a")).toEqual([]);
  expect(problemsOf(schema, [1])).toEqual([]);
  expect(problemsOf(schema, [1.5])).toContain("the payload must match a schema in anyOf");
});

test("annotations do nothing: a default is not put into the payload", () => {
  const schema = {
    title: "A title",
    description: "A description",
    examples: [{}],
    type: "object",
    properties: { a: { type: "integer", default: 3 } },
  };
  const payload = {};
  expect(problemsOf(schema, payload)).toEqual([]);
  expect(payload).toEqual({});
});

test.each([
  "$ref",
  "$id",
  "$defs",
  "definitions",
  "pattern",
  "patternProperties",
  "propertyNames",
  "format",
  "allOf",
  "oneOf",
  "not",
  "if",
  "contains",
  "uniqueItems",
  "multipleOf",
  "dependencies",
  "constructor",
])("the keyword %s is refused at any depth", (keyword) => {
  for (const schema of [{ [keyword]: true }, { type: "array", items: { anyOf: [{ [keyword]: true }] } }])
    expect(() => checkInputSchema(schema)).toThrow(
      new InputSchemaRefused(`the keyword ${keyword} is not allowed or has a wrong value`),
    );
});

test("a property may be called like any keyword", () => {
  const schema = { type: "object", properties: { $ref: { type: "string" }, pattern: { type: "string" } } };
  expect(problemsOf(schema, { $ref: "#", pattern: 1 })).toEqual(["/pattern must be string"]);
});

test.each([
  ["null", null, "/ is not a schema"],
  ["a list", [], "/ is not a schema"],
  ["a number", 3, "/ is not a schema"],
  ["a property that is none", { properties: { a: { items: 3 } } }, "/properties/a/items is not a schema"],
  ["a list of item schemas", { type: "array", items: [{}] }, "/items is not a schema"],
  [
    "properties that are a list",
    { properties: [{}] },
    "the keyword properties is not allowed or has a wrong value",
  ],
  ["anyOf that is no list", { anyOf: {} }, "the keyword anyOf is not allowed or has a wrong value"],
  ["an unknown type", { type: "text" }, "the input schema is not valid: "],
  ["a negative length", { type: "string", minLength: -1 }, "the input schema is not valid: "],
])("%s is no schema", (_what, schema, message) => {
  expect(() => checkInputSchema(schema)).toThrow(InputSchemaRefused);
  expect(() => checkInputSchema(schema)).toThrow(message);
});

test("a schema may be nested 32 deep and no deeper", () => {
  checkInputSchema(nested(32));
  expect(() => checkInputSchema(nested(33))).toThrow("is nested more than 32 deep");
});

test("a schema may have 64 KiB and no more", () => {
  const sized = (length: number) => ({
    description: "d".repeat(length - JSON.stringify({ description: "" }).length),
  });
  checkInputSchema(sized(65_536));
  expect(() => checkInputSchema(sized(65_537))).toThrow("the input schema is larger than 65536 bytes");
});

test("problems are few and short, however long the payload's names are", () => {
  const schema = { type: "object", additionalProperties: { type: "integer" } };
  const payload = Object.fromEntries(
    Array.from({ length: 1_000 }, (_, i) => [`${i}`.repeat(1_000), "wrong"]),
  );
  const problems = problemsOf(schema, payload);
  expect(problems.length).toBeGreaterThan(0);
  expect(problems.length).toBeLessThanOrEqual(10);
  for (const problem of problems) expect(problem.length).toBeLessThanOrEqual(200);
});

test("what every object inherits is no property of a payload", () => {
  const problemsOf = (schema: object) => {
    const json = JSON.stringify(schema);
    return inputProblems({ digest: json, json }, {});
  };
  expect(
    problemsOf({ type: "object", properties: { constructor: {} }, required: ["constructor"] }),
  ).toHaveLength(1);
  expect(problemsOf({ type: "object", properties: { constructor: { type: "string" } } })).toEqual([]);
});

test("a schema need not name the type or the properties that its keywords speak of", () => {
  for (const schema of [{ type: "object", required: ["a"] }, { minimum: 3 }]) {
    expect(() => checkInputSchema(schema)).not.toThrow();
  }
});

test("payloads are held against the schema of their own digest", () => {
  const schemas = [{ type: "string" }, { type: "number" }].map((schema) => JSON.stringify(schema));
  for (let round = 0; round < 3; round += 1) {
    const problems = schemas.map((json) => inputProblems({ digest: json, json }, "text"));
    expect(problems).toEqual([[], ["the payload must be number"]]);
  }
});
