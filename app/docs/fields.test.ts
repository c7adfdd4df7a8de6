import { expect, test } from "vitest";
import { describeFields } from "./fields.ts";
import type { OpenApiDocument, Schema } from "./openapi.ts";
import { schemaWords } from "./schema.messages.ts";

const price: Schema = { type: "object", properties: { micros: { type: "integer" } }, required: ["micros"] };
const document: OpenApiDocument = {
  paths: {},
  components: {
    schemas: {
      Price: price,
      Tree: {
        type: "object",
        properties: { children: { type: "array", items: { $ref: "#/components/schemas/Tree" } } },
      },
      Matrix: { type: "array", items: { $ref: "#/components/schemas/Matrix" } },
    },
  },
};
const describe = (properties: Readonly<Record<string, Schema>>, required: readonly string[] = []) =>
  describeFields({ type: "object", properties, required }, { document, words: schemaWords.en });

test("a field says its type, whether it must be sent, its bounds and its default", () => {
  const limit: Schema = {
    type: "integer",
    minimum: 1,
    maximum: 1_000,
    default: 20,
    description: "How many.",
  };
  const [field] = describe({ limit }, ["limit"]);
  expect(field).toEqual({
    name: "limit",
    type: "integer",
    isRequired: true,
    description: "How many.",
    notes: [
      { label: "", values: ["1 to 1,000"] },
      { label: "by default", values: ["20"] },
    ],
  });
});

test("null is one of the types, however it is written", () => {
  const fields = describe({
    a: { type: ["string", "null"], format: "date-time" },
    b: { anyOf: [{ $ref: "#/components/schemas/Price" }, { type: "null" }] },
    c: {},
  });
  expect(fields.map(({ name, type }) => [name, type])).toEqual([
    ["a", "string (date-time) or null"],
    ["b", "object or null"],
    ["b.micros", "integer"],
    ["c", "any JSON value"],
  ]);
});

test("choices are listed, and a single one is the type", () => {
  const [period, status] = describe({
    period: { type: "string", enum: ["daily", "monthly"] },
    status: { type: "string", enum: ["COMPLETED"] },
  });
  expect(period).toMatchObject({
    type: "string",
    notes: [{ label: "one of", values: ["daily", "monthly"] }],
  });
  expect(status).toMatchObject({ type: '"COMPLETED"', notes: [] });
});

test("alternatives of one type are one type with the notes of all", () => {
  const [name] = describe({
    name: {
      anyOf: [
        { type: "string", pattern: "^a" },
        { type: "string", pattern: "^b" },
      ],
    },
  });
  expect(name).toMatchObject({ type: "string", notes: [{ label: "matches", values: ["^a", "^b"] }] });
});

test("a description stands in the place of a pattern", () => {
  const [name] = describe({ name: { type: "string", pattern: "^a", description: "Begins with a." } });
  expect(name).toMatchObject({ description: "Begins with a.", notes: [] });
});

test("what lists and objects hold is named from the top of the body", () => {
  const page = describe({ data: { type: "array", maxItems: 3, items: { allOf: [price] } } });
  expect(page.map(({ name, type }) => [name, type])).toEqual([
    ["data", "array of object"],
    ["data[].micros", "integer"],
  ]);
});

test("a type that holds itself comes to an end", () => {
  expect(describe({ tree: { $ref: "#/components/schemas/Tree" } }).length).toBeLessThan(20);
  expect(describe({ matrix: { $ref: "#/components/schemas/Matrix" } })).toHaveLength(1);
});
