/** What every database of a local stack holds: the sample spells and the house account. */
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { readConfig } from "../server/config.ts";
import { connect } from "../server/db/connect.ts";
import { HOUSE_HANDLE } from "../server/services/casts/cast-text-stats.ts";
import { openAccount } from "../server/services/identity/open-account.ts";
import { publishSpell } from "../server/services/spells/publish.ts";
import { readPackage } from "./read-package.ts";

const spellsFolder = fileURLToPath(new URL("../spells", import.meta.url));

type Parts = Parameters<typeof publishSpell>[0];

/** Every folder of spells/ that has a manifest. */
async function publishSamples(parts: Parts): Promise<void> {
  const entries = await readdir(spellsFolder, { withFileTypes: true, recursive: true });
  const folders = entries.filter((entry) => entry.name === "spell.json").map((entry) => entry.parentPath);
  for (const folder of folders.sort()) await publishSpell(parts, await readPackage(folder));
}

/** Fills a migrated database, by the web process's environment. Repeatable, and safe beside a running stack. */
export async function seedSamples(env: NodeJS.ProcessEnv): Promise<void> {
  const config = readConfig(env);
  const db = connect({ url: config.DATABASE_URL, poolSize: 2, applicationName: "spell-seed" });
  try {
    await publishSamples({ db, config });
    await openAccount({ db }, { kind: "house", handle: HOUSE_HANDLE, displayName: "Spell Platform" });
  } finally {
    await db.close();
  }
}
