/** What a maker hands in, held against the rules before anything is done with it. */
import { createHash } from "node:crypto";
import type { Config } from "../../config.ts";
import { checkInputSchema } from "../../runtime/input-schema.ts";
import type { PackagedFile } from "../../runtime/wasi/files.ts";
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
  /** The files it names as resources. */
  readonly resources: readonly PackagedFile[];
}

/** What `spell.json` says. @throws SpellRefused naming every field that is wrong */
export function parseManifest(raw: unknown): SpellManifest {
  const parsed = spellManifest.safeParse(raw);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `  ${issue.path.join(".") || "(top)"}: ${issue.message}`);
  throw new SpellRefused(`spell.json is not a valid manifest:\n${lines.join("\n")}`);
}

/** Holds a manifest against what this platform allows. */
function readManifest(config: Config, raw: unknown): SpellManifest {
  const manifest = parseManifest(raw);
  const maxima = [
    ["limits.fuel", manifest.limits.fuel, config.CAST_FUEL_MAX],
    ["limits.memory_bytes", manifest.limits.memory_bytes, config.CAST_MEMORY_MAX_BYTES],
    ["limits.wall_ms", manifest.limits.wall_ms, config.CAST_WALL_MAX_MS],
  ] as const;
  for (const [field, asked, max] of maxima) {
    if (asked > max)
      throw new SpellRefused(`${field}: ${asked} is more than this platform's maximum of ${max}`);
  }
  if (manifest.input.schema !== true) checkInputSchema(manifest.input.schema);
  return manifest;
}

const sha256 = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();

/** Exactly the files that the manifest names, in its order. */
function checkResources(config: Config, manifest: SpellManifest, given: SpellPackage): void {
  const paths = given.resources.map(({ path }) => path);
  if (paths.join("\0") !== manifest.resources.join("\0")) {
    throw new SpellRefused("resources: the files of the package are not those that the manifest names");
  }
  const total = given.resources.reduce((sum, { bytes }) => sum + bytes.length, given.module.length);
  if (total > config.PACKAGE_MAX_BYTES) {
    throw new SpellRefused(
      `the package has ${total} bytes; the largest may have ${config.PACKAGE_MAX_BYTES}`,
    );
  }
}

export interface CheckedPackage {
  readonly manifest: SpellManifest;
  readonly manifestBytes: Buffer;
  readonly module: Uint8Array;
  readonly resources: readonly PackagedFile[];
  /** SHA-256 of the module as given, and of the whole package. */
  readonly publishedDigest: Buffer;
  readonly packageDigest: Buffer;
}

/** @throws SpellRefused, InputSchemaRefused */
export function checkPackage(config: Config, given: SpellPackage): CheckedPackage {
  const manifest = readManifest(config, given.manifest);
  checkResources(config, manifest, given);
  const manifestBytes = Buffer.from(JSON.stringify(manifest));
  const publishedDigest = sha256(given.module);
  // The manifest names the files in order; digests of one length cannot run into each other.
  const digests = [manifestBytes, given.module, ...given.resources.map(({ bytes }) => bytes)].map(sha256);
  return {
    manifest,
    manifestBytes,
    module: given.module,
    resources: given.resources,
    publishedDigest,
    packageDigest: sha256(Buffer.concat(digests)),
  };
}
