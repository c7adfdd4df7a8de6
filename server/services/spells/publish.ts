import { createHash } from "node:crypto";
import { and, eq, or } from "drizzle-orm";
import { spellModules, spells, spellVersions } from "../../../drizzle/schema/index.ts";
import type { Config } from "../../config.ts";
import type { Platform } from "../../context.ts";
import type { Transaction } from "../../db/connect.ts";
import { checkInputSchema } from "../../runtime/input-schema.ts";
import { prepareModule } from "../../runtime/prepare-module.ts";
import { appendLedger } from "../ledger/append.ts";
import { spellManifest, type SpellManifest } from "./manifest.ts";

/** A package that cannot be published; the message says why, for its maker. */
export class SpellRefused extends Error {
  override readonly name = "SpellRefused";
}

export interface SpellPackage {
  /** What `spell.json` holds, as parsed. */
  readonly manifest: unknown;
  /** The module the manifest names. */
  readonly module: Uint8Array;
}

export interface PublishedSpell {
  readonly name: string;
  readonly key: string;
  readonly version: string;
  /** False when this very version was there already. */
  readonly isNew: boolean;
}

type PublishParts = Pick<Platform, "db" | "config">;

/** Reads the manifest and holds it against what this platform allows. */
function readManifest(config: Config, raw: unknown): SpellManifest {
  const parsed = spellManifest.safeParse(raw);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new SpellRefused(`spell.json is not valid: ${lines.join("; ")}`);
  }
  const manifest = parsed.data;
  const maxima = [
    ["limits.fuel", manifest.limits.fuel, config.CAST_FUEL_MAX],
    ["limits.memory_bytes", manifest.limits.memory_bytes, config.CAST_MEMORY_MAX_BYTES],
    ["limits.wall_ms", manifest.limits.wall_ms, config.CAST_WALL_MAX_MS],
  ] as const;
  for (const [field, asked, max] of maxima) {
    if (asked > max)
      throw new SpellRefused(`${field}: ${asked} is more than this platform's maximum of ${max}`);
  }
  if (manifest.price.model === "metered") {
    throw new SpellRefused(
      "price.model: this platform does not meter fuel yet, so a metered price cannot be charged",
    );
  }
  if (manifest.resources.length > 0) {
    throw new SpellRefused("resources: this platform does not give programs files yet");
  }
  if (manifest.input.schema !== true) checkInputSchema(manifest.input.schema);
  return manifest;
}

/** The row of the spell, made if it is new. A name and a key belong together for good. */
async function claimSpell(tx: Transaction, { name, key, description, tags }: SpellManifest): Promise<string> {
  await tx.insert(spells).values({ name, key, description, tags }).onConflictDoNothing();
  // Lock: one publication of a spell at a time, so that description and versions change together.
  const rows = await tx
    .select({ id: spells.id, name: spells.name, key: spells.key })
    .from(spells)
    .where(or(eq(spells.name, name), eq(spells.key, key)))
    .for("update");
  const [row] = rows;
  if (row === undefined || rows.length > 1 || row.name !== name || row.key !== key) {
    throw new SpellRefused(`the name ${name} or the key ${key} belongs to another spell`);
  }
  return row.id;
}

/**
 * Publishes one version of a spell. A version never changes: the same bytes again change nothing, other bytes under
 * the same version are refused.
 * @throws SpellRefused, ModuleRefused, InputSchemaRefused
 */
export async function publishSpell(
  { db, config }: PublishParts,
  given: SpellPackage,
): Promise<PublishedSpell> {
  const manifest = readManifest(config, given.manifest);
  const { name, key, version } = manifest;
  const module = await prepareModule(given.module, {
    memoryBytes: manifest.limits.memory_bytes,
    maxModuleBytes: config.MODULE_MAX_BYTES,
  });
  const manifestBytes = Buffer.from(JSON.stringify(manifest));
  const publishedDigest = createHash("sha256").update(given.module).digest();
  const preparedDigest = Buffer.from(module.preparedDigest, "hex");
  return db.drizzle.transaction(async (tx) => {
    const spellId = await claimSpell(tx, manifest);
    const [present] = await tx
      .select({ manifest: spellVersions.manifest, publishedDigest: spellVersions.publishedDigest })
      .from(spellVersions)
      .where(and(eq(spellVersions.spellId, spellId), eq(spellVersions.version, version)));
    if (present !== undefined) {
      if (!publishedDigest.equals(present.publishedDigest) || !manifestBytes.equals(present.manifest)) {
        throw new SpellRefused(
          `${name} ${version} is published already and versions never change; raise the version`,
        );
      }
      return { name, key, version, isNew: false };
    }
    await tx
      .update(spells)
      .set({ description: manifest.description, tags: manifest.tags })
      .where(eq(spells.id, spellId));
    await tx
      .insert(spellModules)
      .values({ digest: preparedDigest, bytes: module.prepared })
      .onConflictDoNothing();
    const [made] = await tx
      .insert(spellVersions)
      .values({
        spellId,
        version,
        flatMicros: manifest.price.flat_micros,
        rateMicros: 0,
        fuelLimit: manifest.limits.fuel,
        memoryBytes: manifest.limits.memory_bytes,
        wallMs: manifest.limits.wall_ms,
        contentType: manifest.output.content_type,
        manifest: manifestBytes,
        publishedDigest,
        preparedDigest,
      })
      .returning({ id: spellVersions.id });
    await appendLedger(tx, {
      kind: "spell.published",
      accountId: null,
      subject: made?.id ?? null,
      details: {
        spell: key,
        version,
        module: publishedDigest.toString("hex"),
        flat_micros: manifest.price.flat_micros,
      },
    });
    return { name, key, version, isNew: true };
  });
}
