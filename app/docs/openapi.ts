/** What our pages read of an OpenAPI 3.1 document. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

export type Place = "path" | "query" | "header" | "cookie";

export interface Parameter {
  readonly name: string;
  readonly in: Place;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Schema;
}

/** Media types and what is sent in them. */
export type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

export interface ResponseObject {
  readonly description: string;
  readonly headers?: Readonly<Record<string, Omit<Parameter, "name" | "in">>>;
  readonly content?: Content;
}

export interface OperationObject {
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly security?: readonly object[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, ResponseObject>>;
}

export interface OpenApiDocument {
  readonly servers?: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

/** The server's document. It is generated from the contracts by a library whose output has this form. */
export const openApiDocument = (apiReference: unknown) => apiReference as OpenApiDocument;

/** Where the API is for the public, whatever address a proxy used for this request. */
export function apiOrigin(apiReference: unknown): string {
  const url = openApiDocument(apiReference).servers?.[0]?.url;
  return url === undefined ? "" : new URL(url).origin;
}

const NAMED = "#/components/schemas/";

/** A schema without `$ref` and `allOf` at its top. What a reference to nothing means is: anything. */
export function resolveSchema(document: OpenApiDocument, schema: Schema): Schema {
  const { $ref, allOf, ...own } = schema;
  const parts = (allOf ?? []).map((part) => resolveSchema(document, part));
  const name = $ref?.startsWith(NAMED) === true ? $ref.slice(NAMED.length) : null;
  const named = name === null ? undefined : document.components?.schemas?.[name];
  if (named !== undefined) parts.unshift(resolveSchema(document, named));
  if (parts.length === 0) return own;
  return [...parts, own].reduce((merged, part) => ({
    ...merged,
    ...part,
    ...(merged.properties && { properties: { ...merged.properties, ...part.properties } }),
    ...(merged.required && { required: [...merged.required, ...(part.required ?? [])] }),
  }));
}
