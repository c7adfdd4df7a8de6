import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseManifest, SpellRefused, type SpellPackage } from "../server/services/spells/package.ts";

/** Reads a spell's folder: `spell.json` and the module it names. @throws SpellRefused */
export async function readPackage(folder: string): Promise<SpellPackage> {
  const text = await readFile(join(folder, "spell.json"), "utf8").catch(() => {
    throw new SpellRefused(`${resolve(folder)} has no spell.json`);
  });
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    throw new SpellRefused(`${join(folder, "spell.json")} is not JSON`);
  }
  const named = parseManifest(manifest);
  const file = join(folder, named.module);
  const module = await readFile(file).catch(() => {
    throw new SpellRefused(`${file}, which spell.json names as the module, cannot be read`);
  });
  const resources = await Promise.all(
    named.resources.map(async (path) => ({ path, bytes: await readFile(join(folder, path)) })),
  ).catch((error: unknown) => {
    throw new SpellRefused(
      `a resource cannot be read: ${error instanceof Error ? error.message : "unknown"}`,
    );
  });
  return { manifest, module, resources };
}
