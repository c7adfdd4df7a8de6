import { rename, writeFile } from "node:fs/promises";

/** Puts a whole new file in a file's place in one rename, readable by its owner alone. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const fresh = `${path}.${process.pid}.new`;
  await writeFile(fresh, text, { mode: 0o600 });
  await rename(fresh, path);
}
