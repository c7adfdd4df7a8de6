/**
 * `spell.json`: what a maker states about a spell. This schema is the product's; nothing else describes a manifest.
 */
import { z } from "zod";

/** `echo`, `text-stats`: what casters type. */
export const spellName = z
  .string()
  .regex(
    /^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){1,63}$/,
    "2 to 64 of a-z, 0-9 and single hyphens, starting with a letter",
  );

/** Reverse-DNS, at least two labels: `com.acme.resize`. The dot tells it from a name. */
export const spellKey = z
  .string()
  .max(200)
  .regex(
    /^[a-z](?:[a-z0-9]|-(?=[a-z0-9]))*(?:\.[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9]))*)+$/,
    "reverse-DNS such as com.acme.resize",
  );

/** Semantic version without build metadata, which would not distinguish two versions. */
export const spellVersion = z
  .string()
  .max(64)
  .regex(
    /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*)?$/,
    "a semantic version such as 1.2.3",
  );

const KIB = 1024;
const MIB = 1024 * KIB;

/** Text for people: no control characters, which Postgres text and terminals cannot carry safely. */
const plainText = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, "no control characters");

const packagePath = z
  .string()
  .max(255)
  .regex(
    /^(?!.*(?:^|\/)\.\.?(?:\/|$))[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/,
    "a relative path inside the package",
  );

/**
 * One price for a version, in micros (1 USD = 1,000,000). `flat` is per completed cast; `metered` adds
 * `rate_micros_per_million_fuel` for each started million of fuel... rounded up once per cast.
 */
export const spellPrice = z.discriminatedUnion("model", [
  z.strictObject({ model: z.literal("flat"), flat_micros: z.int().min(0).max(500_000_000) }),
  z.strictObject({
    model: z.literal("metered"),
    flat_micros: z.int().min(0).max(500_000_000),
    rate_micros_per_million_fuel: z.int().min(1).max(500_000_000),
  }),
]);

/** What a version asks for. The platform's maxima are checked at publishing, against the configuration. */
export const spellLimits = z.strictObject({
  fuel: z.int().min(1).max(1_000_000_000_000).default(1_000_000_000),
  memory_bytes: z
    .int()
    .min(64 * KIB)
    .default(128 * MIB),
  wall_ms: z.int().min(1).default(5_000),
});

export const contentType = z
  .string()
  .max(100)
  .regex(/^[a-z]+\/[a-z0-9][a-z0-9.+-]*$/, "a media type without parameters, such as application/json");

/** Is every path its own, and none a folder of another? */
function hasNoFileAsFolder(paths: readonly string[]): boolean {
  const all = new Set(paths);
  const isBelowAnother = (path: string) => {
    const steps = path.split("/");
    return steps.some((_step, i) => i > 0 && all.has(steps.slice(0, i).join("/")));
  };
  return all.size === paths.length && !paths.some(isBelowAnother);
}

export const spellManifest = z.strictObject({
  name: spellName,
  key: spellKey,
  version: spellVersion,
  description: plainText(500).min(1),
  tags: z.array(spellName).max(10).default([]),
  /** The WebAssembly module's file inside the package. */
  module: packagePath,
  price: spellPrice,
  limits: spellLimits.default({ fuel: 1_000_000_000, memory_bytes: 128 * MIB, wall_ms: 5_000 }),
  /** argv after the program's own name. */
  args: z.array(plainText(1_000)).max(64).default([]),
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/), plainText(1_000)).default({}),
  input: z.strictObject({
    /** JSON Schema applied to the payload before the program starts; `true` accepts any JSON. */
    schema: z.union([z.literal(true), z.record(z.string(), z.json())]),
  }),
  output: z.strictObject({ content_type: contentType }),
  /** Files the program may read; each lies below `resources/` and is seen there. */
  resources: z
    .array(packagePath.regex(/^resources\//, "must lie below resources/"))
    .max(1_000)
    .refine(hasNoFileAsFolder, { message: "names a path twice, or below a file" })
    .default([]),
});

export type SpellManifest = z.output<typeof spellManifest>;
