/**
 * The script of a thread as one plain file: a thread that loads it starts with a quarter of the work that loading our
 * sources takes. Its name holds the digest of what it was made from, so one that exists is never stale; where it is
 * missing it is made, and where nothing can make it a thread loads the source.
 */
import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type * as Esbuild from "esbuild";

const SOURCE = fileURLToPath(new URL("./thread.ts", import.meta.url));
const FOLDER = fileURLToPath(new URL(".", import.meta.url));
const BUILT = fileURLToPath(new URL("../../build/runtime/", import.meta.url));
/** Pins the packages that go into the file. */
const PACKAGES = fileURLToPath(new URL("../../package.json", import.meta.url));

/** Of every file that may go into the script, by its place and content. */
function digestOfSources(): string {
  const sources = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .sort();
  const digest = createHash("sha256").update(readFileSync(PACKAGES));
  for (const name of sources) {
    const text = readFileSync(join(FOLDER, name));
    digest.update(`\0${name}\0${text.length}\0`).update(text);
  }
  return digest.digest("hex").slice(0, 16);
}

function bundle(file: string): void {
  // The package is there in development and while an image is built; its type is its own.
  const esbuild = createRequire(import.meta.url)("esbuild") as typeof Esbuild;
  const unfinished = `${file}.${randomUUID()}`;
  mkdirSync(BUILT, { recursive: true });
  esbuild.buildSync({
    entryPoints: [SOURCE],
    outfile: unfinished,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "cjs",
    logLevel: "silent",
  });
  // One rename: whoever looks meanwhile finds nothing, or all of it.
  renameSync(unfinished, file);
}

const isMissingPackage = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND";

/** The path of the script each thread loads. */
export function threadFile(): string {
  const file = join(BUILT, `thread-${digestOfSources()}.cjs`);
  if (existsSync(file)) return file;
  try {
    bundle(file);
    return file;
  } catch (error) {
    if (isMissingPackage(error)) return SOURCE;
    throw error;
  }
}
