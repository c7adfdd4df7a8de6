/** `node spells/build.ts [name...]`: builds the sample spells with npm packages alone; the same source gives the same bytes. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { commands } from "@yowasp/clang";
import asc from "assemblyscript/asc";

const spellsFolder = fileURLToPath(new URL(".", import.meta.url));
const C_FLAGS = [
  "-O2",
  "-g0",
  "-Wall",
  "-Wextra",
  "-Werror",
  "-I.",
  "-Wl,--strip-all",
  "-Wl,-z,stack-size=65536",
];
const AS_FLAGS = [
  "--optimizeLevel",
  "3",
  "--shrinkLevel",
  "1",
  "--runtime",
  "minimal",
  "--exportStart",
  "_start",
  "--use",
  "abort=",
];

/** C: the spell's own files and the shared reader, under paths that do not depend on where the project lies. */
async function buildC(name: string): Promise<Uint8Array> {
  const folderFiles = async (folder: string) =>
    Object.fromEntries(
      await Promise.all(
        (await readdir(join(spellsFolder, folder)))
          .filter((file) => /\.[ch]$/.test(file))
          .map(async (file) => [file, await readFile(join(spellsFolder, folder, file), "utf8")] as const),
      ),
    );
  const sources = { [name]: await folderFiles(name), shared: await folderFiles("shared") };
  const inputs = [`${name}/${name}.c`, "shared/json_text.c"];
  let files: Awaited<ReturnType<typeof commands.clang>>;
  try {
    files = await commands.clang([...C_FLAGS, ...inputs, "-o", "out.wasm"], sources, {
      fetchProgress: () => undefined,
    });
  } catch {
    throw new Error(`clang refuses ${name}; its words stand above`);
  }
  const built = files?.["out.wasm"];
  if (!(built instanceof Uint8Array)) throw new Error(`clang gave no module for ${name}`);
  return built;
}

async function buildAssemblyScript(name: string): Promise<Uint8Array> {
  const written: Uint8Array[] = [];
  const { error, stderr } = await asc.main(
    [
      `spells/${name}/assembly/index.ts`,
      "--baseDir",
      fileURLToPath(new URL("..", import.meta.url)),
      "--outFile",
      "out.wasm",
      ...AS_FLAGS,
    ],
    {
      writeFile: (_file, contents) => {
        if (contents instanceof Uint8Array) written.push(contents);
      },
    },
  );
  const [built] = written;
  // Without a stream of ours, the compiler collects what it says in memory.
  if (error !== null || built === undefined)
    throw new Error(`asc failed for ${name}: ${String(error)} ${(stderr as asc.MemoryStream).toString()}`);
  return built;
}

/** Names of all sample spells: the folders that have a manifest. */
export async function sampleNames(): Promise<string[]> {
  const files = await readdir(spellsFolder, { recursive: true });
  return files
    .filter((file) => /^[^/]+\/spell\.json$/.test(file))
    .map((file) => file.split("/")[0] ?? "")
    .sort();
}

/** Builds one sample spell and gives its module's bytes; writes nothing. */
export async function buildSpell(name: string): Promise<Uint8Array> {
  const files = await readdir(join(spellsFolder, name));
  return files.includes("assembly") ? buildAssemblyScript(name) : buildC(name);
}

if (import.meta.main) {
  const asked = process.argv.slice(2);
  for (const name of asked.length > 0 ? asked : await sampleNames()) {
    const bytes = await buildSpell(name);
    await writeFile(join(spellsFolder, name, `${name}.wasm`), bytes);
    console.log(`${name}.wasm: ${bytes.length} bytes`);
  }
}
