/** JSON schemas as flat lists of fields. */
import { notesOf, type Note } from "./notes.ts";
import { resolveSchema, type Schema } from "./openapi.ts";
import { MAX_DEPTH, typeText, variantsOf, type Describing } from "./variants.ts";

export interface Field {
  /** Dotted, from the top of the body: `data[].price.flat_micros`. */
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly description: string | null;
  readonly notes: readonly Note[];
}

/** One named value, without what it holds. */
export function describeField(
  name: string,
  schema: Schema,
  isRequired: boolean,
  describing: Describing,
): Field {
  const description = resolveSchema(describing.document, schema).description ?? null;
  const notes = notesOf(schema, describing);
  return {
    name,
    type: typeText(schema, describing),
    isRequired,
    description,
    // A sentence says better what a pattern allows.
    notes: description === null ? notes : notes.filter(({ label }) => label !== describing.words.matches),
  };
}

/** All that an object or a list of objects holds, each field after the one that holds it. */
export function describeFields(
  schema: Schema,
  describing: Describing,
  prefix = "",
  depth = 0,
): readonly Field[] {
  if (depth > MAX_DEPTH) return [];
  return variantsOf(schema, describing).flatMap((variant) => {
    if (variant.items !== undefined)
      return describeFields(variant.items, describing, `${prefix}[]`, depth + 1);
    return Object.entries(variant.properties ?? {}).flatMap(([key, inner]) => {
      const name = prefix === "" ? key : `${prefix}.${key}`;
      const isRequired = variant.required?.includes(key) ?? false;
      return [
        describeField(name, inner, isRequired, describing),
        ...describeFields(inner, describing, name, depth + 1),
      ];
    });
  });
}
