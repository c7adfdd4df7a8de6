/** The programs that the sandbox is measured by, built from C when they are needed. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { commands } from "@yowasp/clang";

export interface Kernel {
  readonly name: string;
  /** What its `kernel` is called with: some tens of milliseconds of work. */
  readonly size: number;
}

export const KERNELS: readonly Kernel[] = [
  { name: "sieve", size: 2_000_000 },
  { name: "sha256", size: 20_000 },
  { name: "n-body", size: 60_000 },
  { name: "recursion", size: 31 },
  { name: "sort", size: 100_000 },
  { name: "word-count", size: 1_000_000 },
  { name: "json", size: 12 },
  { name: "blur", size: 12 },
  { name: "mandelbrot", size: 260 },
  { name: "interpreter", size: 250_000 },
];

const folder = fileURLToPath(new URL("kernels/", import.meta.url));
const cache = fileURLToPath(new URL("../.cache/kernels/", import.meta.url));
const FLAGS = ["-O2", "-msimd128", "-nostdlib", "-Wl,--no-entry", "-Wl,--export=kernel", "-Wl,--strip-all"];

/** The module of a kernel; compiled once for the same source. */
export async function buildKernel({ name }: Kernel): Promise<Uint8Array<ArrayBuffer>> {
  const source = await readFile(join(folder, `${name}.c`), "utf8");
  const digest = createHash("sha256").update(FLAGS.join(" ")).update(source).digest("hex").slice(0, 16);
  const path = join(cache, `${name}-${digest}.wasm`);
  const known = await readFile(path).catch(() => null);
  if (known !== null) return Uint8Array.from(known);
  const files = await commands.clang(
    [...FLAGS, "kernel.c", "-o", "out.wasm"],
    { "kernel.c": source },
    { fetchProgress: () => undefined },
  );
  const built = files?.["out.wasm"];
  if (!(built instanceof Uint8Array)) throw new Error(`clang gave no module for ${name}`);
  await mkdir(cache, { recursive: true });
  await writeFile(path, built);
  return Uint8Array.from(built);
}
