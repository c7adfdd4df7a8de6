import { and, eq, or } from "drizzle-orm";
import { spellModules, spellResources, spells, spellVersions } from "../../../drizzle/schema/index.ts";
import type { Platform } from "../../context.ts";
import type { Transaction } from "../../db/connect.ts";
import { SCHEDULE } from "../../runtime/prepare/policy.ts";
import { prepareInChild } from "../../runtime/prepare/prepare-in-child.ts";
import type { PreparedModule } from "../../runtime/prepare/prepare-module.ts";
import { appendLedger } from "../ledger/append.ts";
import type { SpellManifest } from "./manifest.ts";
import { checkPackage, SpellRefused, type CheckedPackage, type SpellPackage } from "./package.ts";

export interface PublishedSpell {
  readonly name: string;
  readonly key: string;
  readonly version: string;
  /** False when this very version was there already. */
  readonly isNew: boolean;
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

/** Is this version there? @throws SpellRefused when it is, and is another */
async function isPublished(
  tx: Pick<Transaction, "select">,
  { manifest: { name, key, version }, packageDigest }: CheckedPackage,
): Promise<boolean> {
  const [present] = await tx
    .select({ packageDigest: spellVersions.packageDigest })
    .from(spellVersions)
    .innerJoin(spells, eq(spells.id, spellVersions.spellId))
    .where(and(eq(spells.key, key), eq(spells.name, name), eq(spellVersions.version, version)));
  if (present !== undefined && !packageDigest.equals(present.packageDigest)) {
    throw new SpellRefused(
      `${name} ${version} is published already and versions never change; raise the version`,
    );
  }
  return present !== undefined;
}

async function insertVersion(
  tx: Transaction,
  spellId: string,
  given: CheckedPackage,
  module: PreparedModule,
): Promise<string> {
  const { manifest, resources } = given;
  const { price, limits } = manifest;
  const digest = Buffer.from(module.preparedDigest, "hex");
  await tx.insert(spellModules).values({ digest, bytes: module.prepared }).onConflictDoNothing();
  const [made] = await tx
    .insert(spellVersions)
    .values({
      spellId,
      version: manifest.version,
      flatMicros: price.flat_micros,
      rateMicros: price.model === "metered" ? price.rate_micros_per_million_fuel : 0,
      fuelLimit: limits.fuel,
      memoryBytes: limits.memory_bytes,
      wallMs: limits.wall_ms,
      contentType: manifest.output.content_type,
      manifest: given.manifestBytes,
      schedule: SCHEDULE,
      packageDigest: given.packageDigest,
      publishedDigest: given.publishedDigest,
      preparedDigest: digest,
    })
    .returning({ id: spellVersions.id });
  if (made === undefined) throw new Error("an insert gave no row");
  for (const { path, bytes } of resources)
    await tx.insert(spellResources).values({ versionId: made.id, path, bytes });
  return made.id;
}

/**
 * Publishes one version of a spell. A version never changes: the same package again changes nothing, another under
 * the same version is refused.
 * @throws SpellRefused, ModuleRefused, InputSchemaRefused
 */
export async function publishSpell(
  { db, config }: Pick<Platform, "db" | "config">,
  handedIn: SpellPackage,
): Promise<PublishedSpell> {
  const given = checkPackage(config, handedIn);
  const { name, key, version, description, tags, price, limits } = given.manifest;
  if (await isPublished(db.drizzle, given)) return { name, key, version, isNew: false };
  const module = await prepareInChild(given.module, {
    memoryBytes: limits.memory_bytes,
    maxModuleBytes: config.MODULE_MAX_BYTES,
  });
  return db.drizzle.transaction(async (tx) => {
    const spellId = await claimSpell(tx, given.manifest);
    // Somebody may have published it while it was prepared.
    if (await isPublished(tx, given)) return { name, key, version, isNew: false };
    await tx.update(spells).set({ description, tags }).where(eq(spells.id, spellId));
    const versionId = await insertVersion(tx, spellId, given, module);
    await appendLedger(tx, {
      kind: "spell.published",
      accountId: null,
      subject: versionId,
      details: {
        spell: key,
        version,
        schedule: SCHEDULE,
        package: given.packageDigest.toString("hex"),
        module: module.publishedDigest,
        prepared: module.preparedDigest,
        flat_micros: price.flat_micros,
        rate_micros: price.model === "metered" ? price.rate_micros_per_million_fuel : 0,
      },
    });
    return { name, key, version, isNew: true };
  });
}
