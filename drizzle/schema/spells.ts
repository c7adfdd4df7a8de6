import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import { bytea, instant, int8 } from "./columns.ts";

/** The grimoire: one row a spell, under its name and its reverse-DNS key. */
export const spells = pgTable("spells", {
  id: uuid("id").primaryKey().defaultRandom(),
  name: text("name").notNull().unique(),
  key: text("key").notNull().unique(),
  description: text("description").notNull(),
  tags: text("tags").array().notNull(),
  isActive: boolean("is_active").notNull().default(true),
  createdAt: instant("created_at")
    .notNull()
    .default(sql`clock_timestamp()`),
});

/** Prepared modules by the SHA-256 of their bytes. */
export const spellModules = pgTable("spell_modules", {
  digest: bytea("digest").primaryKey(),
  bytes: bytea("bytes").notNull(),
});

/** A published version: immutable but for `is_active`. */
export const spellVersions = pgTable(
  "spell_versions",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    spellId: uuid("spell_id")
      .notNull()
      .references(() => spells.id),
    version: text("version").notNull(),
    /** Order of publication; the highest active one is what an unpinned cast runs. */
    ordinal: bigint("ordinal", { mode: "number" }).notNull().generatedAlwaysAsIdentity(),
    isActive: boolean("is_active").notNull().default(true),
    flatMicros: int8("flat_micros").notNull(),
    /** Micros for a million fuel; 0 in a flat price. */
    rateMicros: int8("rate_micros").notNull(),
    fuelLimit: int8("fuel_limit").notNull(),
    memoryBytes: int8("memory_bytes").notNull(),
    wallMs: integer("wall_ms").notNull(),
    contentType: text("content_type").notNull(),
    /** The manifest's JSON as published, bytes so that no text in it can upset SQL. */
    manifest: bytea("manifest").notNull(),
    /** The rules by which the module was prepared; the same number means the same fuel for ever. */
    schedule: integer("schedule").notNull().default(1),
    /** Of everything the maker gave: manifest, module and files. */
    packageDigest: bytea("package_digest")
      .notNull()
      .default(sql`''::bytea`),
    publishedDigest: bytea("published_digest").notNull(),
    preparedDigest: bytea("prepared_digest")
      .notNull()
      .references(() => spellModules.digest),
    createdAt: instant("created_at")
      .notNull()
      .default(sql`clock_timestamp()`),
  },
  (t) => [
    unique("spell_versions_never_change").on(t.spellId, t.version),
    index("spell_versions_newest").on(t.spellId, t.ordinal),
    check("spell_versions_price", sql`${t.flatMicros} >= 0 and ${t.rateMicros} >= 0`),
    check("spell_versions_limits", sql`${t.fuelLimit} > 0 and ${t.memoryBytes} > 0 and ${t.wallMs} > 0`),
  ],
);

/** The files a version's program may read. */
export const spellResources = pgTable(
  "spell_resources",
  {
    versionId: uuid("version_id")
      .notNull()
      .references(() => spellVersions.id),
    /** Inside the package, below `resources/`. */
    path: text("path").notNull(),
    bytes: bytea("bytes").notNull(),
  },
  (t) => [primaryKey({ columns: [t.versionId, t.path] })],
);
