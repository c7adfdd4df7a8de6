import { randomUUID } from "node:crypto";
import { rename, writeFile } from "node:fs/promises";

/** Puts a whole new file in a file's place in one rename, readable by its owner alone. */
export async function replaceFile(path: string, text: string): Promise<void> {
  // A name of its own for each call: two may write the same file at once, and the last rename wins.
  const fresh = `${path}.${randomUUID()}.new`;
  await writeFile(fresh, text, { mode: 0o600 });
  await rename(fresh, path);
}
