/** The API reference as our page shows it: operations in groups, read from the OpenAPI document. */
import { describeField, describeFields, type Field } from "./fields.ts";
import {
  openApiDocument,
  type Content,
  type OperationObject,
  type Parameter,
  type Place,
  type ResponseObject,
} from "./openapi.ts";
import type { SchemaWords } from "./schema.messages.ts";
import { typeText, type Describing } from "./variants.ts";

export interface Body {
  readonly mediaType: string;
  readonly type: string;
  readonly fields: readonly Field[];
}

export interface Answer {
  readonly status: number;
  readonly description: string;
  readonly headers: readonly Field[];
  readonly bodies: readonly Body[];
}

export interface ErrorAnswer {
  readonly status: number;
  readonly error: string;
}

export interface Operation {
  /** Its anchor on the page. */
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly description: string | null;
  readonly needsKey: boolean;
  readonly parameters: readonly (Field & { readonly place: Place })[];
  readonly bodies: readonly Body[];
  readonly answers: readonly Answer[];
  readonly errors: readonly ErrorAnswer[];
}

export interface Group {
  readonly id: string;
  readonly name: string;
  readonly operations: readonly Operation[];
}

const METHODS = ["get", "post", "put", "patch", "delete"];
const PROBLEM = "application/problem+json";

const slug = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");

const bodiesOf = (content: Content | undefined, describing: Describing): readonly Body[] =>
  Object.entries(content ?? {}).map(([mediaType, { schema = {} }]) => ({
    mediaType,
    type: typeText(schema, describing),
    fields: describeFields(schema, describing),
  }));

/** A parameter's own description stands beside its schema, not in it. */
const described = (
  { description, required = false, schema = {} }: Omit<Parameter, "name" | "in">,
  name: string,
  describing: Describing,
) =>
  describeField(name, description === undefined ? schema : { ...schema, description }, required, describing);

const isProblem = ({ content }: ResponseObject) => content !== undefined && PROBLEM in content;

/** The contracts name the errors of a status in its description, each in backquotes. */
const errorsOf = ([status, { description }]: readonly [string, ResponseObject]): readonly ErrorAnswer[] =>
  [...description.matchAll(/`([a-z_]+)`/g)].map(([, error = ""]) => ({ status: Number(status), error }));

function answerOf(status: string, response: ResponseObject, describing: Describing): Answer {
  return {
    status: Number(status),
    description: response.description,
    headers: Object.entries(response.headers ?? {}).map(([name, it]) => described(it, name, describing)),
    bodies: bodiesOf(response.content, describing),
  };
}

function operationOf(method: string, path: string, it: OperationObject, describing: Describing): Operation {
  const responses = Object.entries(it.responses);
  return {
    id: slug(`${method} ${path}`),
    method: method.toUpperCase(),
    path,
    summary: it.summary ?? path,
    description: it.description ?? null,
    needsKey: (it.security ?? []).length > 0,
    parameters: (it.parameters ?? []).map((parameter) => ({
      ...described(parameter, parameter.name, describing),
      place: parameter.in,
    })),
    bodies: bodiesOf(it.requestBody?.content, describing),
    answers: responses
      .filter(([, response]) => !isProblem(response))
      .map(([status, response]) => answerOf(status, response, describing)),
    errors: responses.filter(([, response]) => isProblem(response)).flatMap(errorsOf),
  };
}

/** Reads the document that the server generated. Groups and operations keep its order. */
export function describeOperations(apiReference: unknown, words: SchemaWords): readonly Group[] {
  const document = openApiDocument(apiReference);
  const groups = new Map<string, Operation[]>();
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, it] of Object.entries(operations)) {
      if (!METHODS.includes(method)) continue;
      const name = it.tags?.[0] ?? "";
      const operation = operationOf(method, path, it, { document, words });
      groups.set(name, [...(groups.get(name) ?? []), operation]);
    }
  }
  return [...groups].map(([name, operations]) => ({ id: `api-${slug(name)}`, name, operations }));
}
