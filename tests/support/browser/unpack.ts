/** npm's Chromium, and the libraries that a machine without a desktop lacks; the package brings both, packed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, createWriteStream, existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { createBrotliDecompress } from "node:zlib";

const folderOf = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const packed = folderOf("node_modules/@sparticuz/chromium");
const toolchain = folderOf(".toolchain");

export interface UnpackedChromium {
  readonly executablePath: string;
  /** For LD_LIBRARY_PATH. */
  readonly libraries: string;
}

async function unpackTar(name: string, folder: string): Promise<void> {
  const tar = spawn("tar", ["-x", "-C", folder], { stdio: ["pipe", "ignore", "inherit"] });
  const closed = once(tar, "close");
  await pipeline(createReadStream(join(packed, "bin", name)), createBrotliDecompress(), tar.stdin);
  const [code] = (await closed) as [number | null];
  if (code !== 0) throw new Error(`tar could not unpack ${name}`);
}

async function unpackInto(folder: string): Promise<void> {
  await Promise.all([
    pipeline(
      createReadStream(join(packed, "bin", "chromium.br")),
      createBrotliDecompress(),
      createWriteStream(join(folder, "chromium"), { mode: 0o755 }),
    ),
    unpackTar("al2023.tar.br", folder),
    // Its own drawing of pages without a graphics card has to lie beside it.
    unpackTar("swiftshader.tar.br", folder),
  ]);
}

function packedVersion(): string {
  if (process.arch !== "x64") {
    throw new Error(`There is no Chromium for ${process.arch} in npm: install one, or set CHROMIUM_PATH.`);
  }
  // npm requires a version of every package.
  const { version } = JSON.parse(readFileSync(join(packed, "package.json"), "utf8")) as { version: string };
  return version;
}

/** Unpacks it into .toolchain/, once for each version. */
export async function unpackChromium(): Promise<UnpackedChromium> {
  const home = join(toolchain, `chromium-${packedVersion()}`);
  if (!existsSync(home)) {
    await mkdir(toolchain, { recursive: true });
    const fresh = await mkdtemp(join(toolchain, "fresh."));
    try {
      await unpackInto(fresh);
      // One rename: a run that was killed half-way leaves nothing that looks whole. Of two at once, one wins.
      await rename(fresh, home).catch((error: unknown) => {
        if (!existsSync(home)) throw error;
      });
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
  }
  return { executablePath: join(home, "chromium"), libraries: join(home, "lib") };
}
