import { z } from "zod";
import type { spells, spellVersions } from "../../../drizzle/schema/index.ts";
import { MICROS_PER_CENT } from "../../context.ts";
import { spellManifest } from "./manifest.ts";

/** A spell in the grimoire with its newest active version. */
export const spellView = z.object({
  name: z.string(),
  key: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  version: z.string(),
  price: z.object({
    model: z.enum(["flat", "metered"]),
    flat_micros: z.int(),
    flat_cents: z.number(),
    rate_micros_per_million_fuel: z.int(),
  }),
  limits: z.object({ fuel: z.int(), memory_bytes: z.int(), wall_ms: z.int() }),
  output: z.object({ content_type: z.string() }),
  published_at: z.iso.datetime(),
});

/** One spell whole: also what it takes, and its versions. */
export const spellDetailView = spellView.extend({
  input: z.object({ schema: z.union([z.literal(true), z.record(z.string(), z.unknown())]) }),
  module_sha256: z.string(),
  versions: z.array(z.object({ version: z.string(), published_at: z.iso.datetime() })),
});

export type SpellView = z.output<typeof spellView>;
export type SpellDetailView = z.output<typeof spellDetailView>;

type SpellRow = typeof spells.$inferSelect;
type VersionRow = typeof spellVersions.$inferSelect;

export function viewSpell(spell: SpellRow, version: VersionRow): SpellView {
  return {
    name: spell.name,
    key: spell.key,
    description: spell.description,
    tags: spell.tags,
    version: version.version,
    price: {
      model: version.rateMicros === 0 ? "flat" : "metered",
      flat_micros: version.flatMicros,
      flat_cents: version.flatMicros / MICROS_PER_CENT,
      rate_micros_per_million_fuel: version.rateMicros,
    },
    limits: { fuel: version.fuelLimit, memory_bytes: version.memoryBytes, wall_ms: version.wallMs },
    output: { content_type: version.contentType },
    published_at: version.createdAt.toISOString(),
  };
}

/** `versions` newest first, all active, at least one. */
export function viewSpellDetail(
  spell: SpellRow,
  newest: VersionRow,
  versions: readonly VersionRow[],
): SpellDetailView {
  const { input } = spellManifest.parse(JSON.parse(Buffer.from(newest.manifest).toString()));
  return {
    ...viewSpell(spell, newest),
    input,
    module_sha256: Buffer.from(newest.publishedDigest).toString("hex"),
    versions: versions.map((v) => ({ version: v.version, published_at: v.createdAt.toISOString() })),
  };
}
