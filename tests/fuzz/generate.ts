/** Random valid modules, made by binaryen's `wasm-opt --translate-to-fuzz`: the same seed gives the same module. */
import { spawn } from "node:child_process";
import { buffer, text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { Random } from "./random.ts";

const wasmOpt = fileURLToPath(new URL("../../node_modules/binaryen/bin/wasm-opt", import.meta.url));

const ALWAYS = [
  "-mvp",
  "--enable-simd",
  "--enable-bulk-memory",
  "--enable-bulk-memory-opt",
  "--enable-sign-ext",
  "--enable-nontrapping-float-to-int",
  "--enable-mutable-globals",
  "--enable-multivalue",
  "--enable-tail-call",
];
/** The generator makes exceptions only together with references. */
const WITH_REFERENCES = ["--enable-reference-types", "--enable-exception-handling"];
/** Compilers do not leave code as the generator does: some modules go through an optimiser. */
const SHAPES = [
  [],
  [],
  [],
  ["-O1"],
  ["-O3"],
  ["--inlining-optimizing", "--local-cse"],
] as const satisfies readonly string[][];
const SIZES = [500, 2_000, 8_000, 16_000, 40_000] as const;

export interface Generated {
  readonly bytes: Uint8Array;
  /** NaNs become zero wherever one could come up: the module gives the same bits however it is compiled. */
  readonly isWithoutNans: boolean;
}

/** wasm-opt could not do it. With these flags that does not happen: it is missing, or the harness is wrong. */
export class NotGenerated extends Error {
  override readonly name = "NotGenerated";
}

/** Makes the module of one seed in a process of its own. @throws NotGenerated */
export async function generate(seed: number): Promise<Generated> {
  const random = new Random(seed);
  const size = random.pick(SIZES);
  const isWithoutNans = random.oneIn(3);
  const flags = [
    ...ALWAYS,
    ...(random.oneIn(2) ? WITH_REFERENCES : []),
    ...(isWithoutNans ? ["--denan"] : []),
    ...random.pick(SHAPES),
  ];
  // Without the optimising compiler, which does not pay off for so short a life.
  const child = spawn(
    process.execPath,
    ["--liftoff-only", wasmOpt, "-", "--translate-to-fuzz", ...flags, "-o", "-"],
    {
      timeout: 60_000,
      killSignal: "SIGKILL",
    },
  );
  child.stdin.on("error", () => undefined);
  child.stdin.end(random.bytes(size / 2 + random.below(size)));
  const [bytes, errors, code] = await Promise.all([
    buffer(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once("close", resolve)),
  ]);
  if (code !== 0) throw new NotGenerated(errors.slice(0, 500));
  return { bytes, isWithoutNans };
}
