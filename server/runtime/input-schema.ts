/**
 * The subset of JSON Schema in which a spell states its input. No references, patterns or formats: a schema is small,
 * and checking a payload against it takes time linear in the payload. Keywords: `type`, `enum`, `const`, `properties`,
 * `required`, `additionalProperties`, `minProperties`, `maxProperties`, `items`, `minItems`, `maxItems`, `minLength`,
 * `maxLength`, `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`, `anyOf`, and the annotations `$schema`,
 * `title`, `description`, `default`, `examples`.
 */
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { LRUCache } from "lru-cache";
import type { InputSchema } from "./types.ts";

/** A schema that is outside the subset; the message says where. */
export class InputSchemaRefused extends Error {
  override readonly name = "InputSchemaRefused";
}

const MAX_BYTES = 65_536;
const MAX_DEPTH = 32;
const MAX_PROBLEMS = 10;
const MAX_PROBLEM_LENGTH = 200;
const REMEMBERED = 256;

const PLAIN = new Set([
  "$schema",
  "title",
  "description",
  "default",
  "examples",
  "type",
  "enum",
  "const",
  "required",
  "minProperties",
  "maxProperties",
  "minItems",
  "maxItems",
  "minLength",
  "maxLength",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
]);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The schemas inside one keyword's value, with their places. */
function inner(keyword: string, value: unknown): [string, unknown][] {
  if (keyword === "properties" && isObject(value)) return Object.entries(value);
  if (keyword === "anyOf" && Array.isArray(value)) return value.map((schema, i) => [String(i), schema]);
  if (keyword === "items" || keyword === "additionalProperties") return [["", value]];
  throw new InputSchemaRefused(`the keyword ${keyword} is not allowed or has a wrong value`);
}

function walk(schema: unknown, place: string, depth: number): void {
  if (typeof schema === "boolean") return;
  if (!isObject(schema)) throw new InputSchemaRefused(`${place || "/"} is not a schema`);
  if (depth > MAX_DEPTH) throw new InputSchemaRefused(`${place} is nested more than ${MAX_DEPTH} deep`);
  for (const [keyword, value] of Object.entries(schema)) {
    if (PLAIN.has(keyword)) continue;
    for (const [step, part] of inner(keyword, value))
      walk(part, `${place}/${keyword}${step && `/${step}`}`, depth + 1);
  }
}

const compile = (json: string): ValidateFunction =>
  new Ajv({
    allErrors: false,
    strict: true,
    strictRequired: false,
    strictTypes: false,
    ownProperties: true,
    allowUnionTypes: true,
    validateSchema: true,
  }).compile(
    // Checked at publishing to be an object of the subset.
    JSON.parse(json) as object,
  );

/** Checks a maker's schema when it is published. @throws InputSchemaRefused */
export function checkInputSchema(schema: unknown): void {
  const json = JSON.stringify(schema);
  if (json.length > MAX_BYTES)
    throw new InputSchemaRefused(`the input schema is larger than ${MAX_BYTES} bytes`);
  walk(schema, "", 0);
  try {
    compile(json);
  } catch (error) {
    throw new InputSchemaRefused(
      `the input schema is not valid: ${error instanceof Error ? error.message : "unknown"}`,
    );
  }
}

const validators = new LRUCache<string, ValidateFunction>({ max: REMEMBERED });

const describe = ({ instancePath, message }: ErrorObject) =>
  `${instancePath || "the payload"} ${message ?? "is not valid"}`.slice(0, MAX_PROBLEM_LENGTH);

/** What is wrong with a payload, in few and short sentences; empty when nothing is. */
export function inputProblems(schema: InputSchema, payload: unknown): string[] {
  const validate = validators.get(schema.digest) ?? compile(schema.json);
  validators.set(schema.digest, validate);
  if (validate(payload)) return [];
  return (validate.errors ?? []).slice(0, MAX_PROBLEMS).map(describe);
}
