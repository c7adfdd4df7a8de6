import { expect, test } from "vitest";
import { describeOperations } from "./operations.ts";
import { schemaWords } from "./schema.messages.ts";

const problem = (description: string) => ({ description, content: { "application/problem+json": {} } });

const document = {
  paths: {
    "/v1/casts/{id}": {
      parameters: [],
      get: {
        tags: ["Casting"],
        summary: "One cast",
        security: [{ apiKey: [] }],
        parameters: [
          {
            name: "id",
            in: "path",
            required: true,
            description: "The cast's id.",
            schema: { type: "string" },
          },
        ],
        responses: {
          200: {
            description: "The cast.",
            headers: { Location: { schema: { type: "string" } } },
            content: {
              "application/json": { schema: { type: "object", properties: { id: { type: "string" } } } },
            },
          },
          404: problem("`cast_not_found`: Cast not found"),
          503: problem("`busy`: Busy; `database_unavailable`: Database unavailable"),
        },
      },
      delete: { tags: ["Casting"], responses: { 204: { description: "Cancelled." } } },
    },
    "/v1/spells": { get: { tags: ["Grimoire"], responses: {} } },
  },
};

test("operations stand in the groups of their tags, in the document's order", () => {
  const groups = describeOperations(document, schemaWords.en);
  expect(groups.map(({ id, name, operations }) => [id, name, operations.map((it) => it.id)])).toEqual([
    ["api-casting", "Casting", ["get-v1-casts-id", "delete-v1-casts-id"]],
    ["api-grimoire", "Grimoire", ["get-v1-spells"]],
  ]);
});

test("an operation says who may ask, what to send, what comes back and what can go wrong", () => {
  const [operation] = describeOperations(document, schemaWords.en)[0]?.operations ?? [];
  expect(operation).toMatchObject({
    method: "GET",
    path: "/v1/casts/{id}",
    needsKey: true,
    parameters: [{ name: "id", place: "path", isRequired: true, description: "The cast's id." }],
    bodies: [],
    answers: [
      {
        status: 200,
        headers: [{ name: "Location", type: "string" }],
        bodies: [{ mediaType: "application/json", type: "object", fields: [{ name: "id" }] }],
      },
    ],
    errors: [
      { status: 404, error: "cast_not_found" },
      { status: 503, error: "busy" },
      { status: 503, error: "database_unavailable" },
    ],
  });
});

test("an operation without security is open, and an answer may have no body", () => {
  const [, cancel] = describeOperations(document, schemaWords.en)[0]?.operations ?? [];
  expect(cancel).toMatchObject({ needsKey: false, answers: [{ status: 204, bodies: [] }], errors: [] });
});
