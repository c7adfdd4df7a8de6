/** What a JSON schema says of a value besides its type, in words. */
import { resolveSchema, type Schema } from "./openapi.ts";
import type { SchemaWords } from "./schema.messages.ts";
import { MAX_DEPTH, unique, variantsOf, type Describing } from "./variants.ts";

/** A bound, a default or the like: `at most` `10 items`. */
export interface Note {
  readonly label: string;
  readonly values: readonly string[];
}

function boundNotes(
  words: SchemaWords,
  unit: (text: string) => string,
  low: number | undefined,
  high: number | undefined,
): readonly Note[] {
  const text = (bound: number) => new Intl.NumberFormat(words.locale).format(bound);
  // Integers carry the safe range of a double, which says nothing.
  const least = low === -Number.MAX_SAFE_INTEGER ? undefined : low;
  const most = high === Number.MAX_SAFE_INTEGER ? undefined : high;
  if (least !== undefined && most !== undefined)
    return [{ label: "", values: [unit(words.range(text(least), text(most)))] }];
  if (least !== undefined) return [{ label: words.atLeast, values: [unit(text(least))] }];
  return most === undefined ? [] : [{ label: words.atMost, values: [unit(text(most))] }];
}

function variantNotes(variant: Schema, describing: Describing, depth: number): readonly Note[] {
  const { words } = describing;
  const choices = variant.enum?.filter((value) => value !== null) ?? [];
  const notes: Note[] = [];
  if (choices.length > 1) notes.push({ label: words.oneOf, values: choices.map(String) });
  notes.push(...boundNotes(words, (text) => text, variant.minimum, variant.maximum));
  notes.push(...boundNotes(words, words.characters, variant.minLength, variant.maxLength));
  notes.push(...boundNotes(words, words.items, variant.minItems, variant.maxItems));
  if (variant.pattern !== undefined) notes.push({ label: words.matches, values: [variant.pattern] });
  if (variant.items !== undefined && depth < MAX_DEPTH) {
    const each = notesOf(variant.items, describing, depth + 1);
    notes.push(...each.map(({ label, values }) => ({ label: words.each(label), values })));
  }
  return notes;
}

/** The notes of all alternatives; those of one kind become one. */
export function notesOf(schema: Schema, describing: Describing, depth = 0): readonly Note[] {
  const byLabel = new Map<string, readonly string[]>();
  for (const variant of variantsOf(schema, describing)) {
    for (const { label, values } of variantNotes(variant, describing, depth))
      byLabel.set(label, unique([...(byLabel.get(label) ?? []), ...values]));
  }
  const notes = [...byLabel].map(([label, values]) => ({ label, values }));
  const standard = resolveSchema(describing.document, schema).default;
  if (standard === undefined) return notes;
  return [...notes, { label: describing.words.byDefault, values: [JSON.stringify(standard)] }];
}
