/** The alternatives of a JSON schema, and their types in words. */
import { resolveSchema, type OpenApiDocument, type Schema } from "./openapi.ts";
import type { SchemaWords } from "./schema.messages.ts";

/** What describing goes by. */
export interface Describing {
  readonly document: OpenApiDocument;
  readonly words: SchemaWords;
}

/** A type that holds itself would go on for ever; nothing of ours is this deep. */
export const MAX_DEPTH = 8;

export const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

/** The alternatives of a schema, each with one type. */
export function variantsOf(schema: Schema, { document }: Describing): readonly Schema[] {
  const visit = (one: Schema, depth: number): readonly Schema[] => {
    const resolved = resolveSchema(document, one);
    const choices = resolved.anyOf ?? resolved.oneOf;
    if (choices !== undefined && depth < MAX_DEPTH) return choices.flatMap((each) => visit(each, depth + 1));
    if (typeof resolved.type === "object")
      return resolved.type.map((type) => (type === "null" ? { type } : { ...resolved, type }));
    return [resolved];
  };
  return visit(schema, 0);
}

function variantType(variant: Schema, describing: Describing, depth: number): string {
  const { words } = describing;
  const isLiteral = variant.const !== undefined || variant.enum?.length === 1;
  if (isLiteral) return JSON.stringify(variant.const ?? variant.enum?.[0]);
  if (typeof variant.type !== "string") return variant.properties === undefined ? words.any : "object";
  if (variant.type === "array" && depth < MAX_DEPTH)
    return words.arrayOf(typeText(variant.items ?? {}, describing, depth + 1));
  return variant.format === undefined ? variant.type : `${variant.type} (${variant.format})`;
}

/** `string or null`, `array of object` and the like. */
export function typeText(schema: Schema, describing: Describing, depth = 0): string {
  const types = variantsOf(schema, describing).map((variant) => variantType(variant, describing, depth));
  return unique(types).join(describing.words.or);
}
