/** `make publish DIR=...`: publishes a spell's folder to the running local stack. */
import { readConfig } from "../server/config.ts";
import { connect } from "../server/db/connect.ts";
import { publishSpell } from "../server/services/spells/publish.ts";
import { readPackage } from "./read-package.ts";
import { readStackFile } from "./stack/stack-file.ts";

async function main(folder: string | undefined): Promise<void> {
  if (folder === undefined || folder === "")
    throw new Error("Name the spell's folder: make publish DIR=path/to/spell");
  const stack = await readStackFile();
  const config = readConfig({
    ...process.env,
    DATABASE_URL: stack.database_url,
    KEY_PEPPER: stack.key_pepper,
    RECEIPT_KEY: stack.receipt_key,
  });
  const db = connect({ url: config.DATABASE_URL, poolSize: 2, applicationName: "spell-publish" });
  try {
    const { name, version, isNew } = await publishSpell({ db, config }, await readPackage(folder));
    console.log(
      isNew ? `Published ${name} ${version}.` : `${name} ${version} is published already; nothing changed.`,
    );
    console.log(
      `Cast it:\n  curl ${stack.base_url}/v1/cast -H "Authorization: Bearer ${stack.api_key ?? "$KEY"}" \\`,
    );
    console.log(`    -H 'Content-Type: application/json' -d '{"spell_name":"${name}","payload":{}}'`);
  } finally {
    await db.close();
  }
}

try {
  await main(process.argv[2]);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
