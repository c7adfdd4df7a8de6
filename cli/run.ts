import { createHash } from "node:crypto";
import { basename } from "node:path";
import { buffer } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { prepareInChild } from "../server/runtime/prepare/prepare-in-child.ts";
import { runProgram } from "../server/runtime/run-program.ts";
import { ModuleRefused } from "../server/runtime/types.ts";
import { DEFAULTS, readModuleFile, wholeNumber } from "./module-file.ts";

const MIB = 1_048_576;

const seedOf = (text: string): Uint8Array =>
  /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, "hex") : createHash("sha256").update(text).digest();

/** `spell run`: exit code 0 when the program completes, 1 when it does not. */
export async function runCommand(words: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: { fuel: { type: "string" }, seed: { type: "string" }, memory: { type: "string" } },
  });
  const [path, ...args] = positionals;
  const bytes = await readModuleFile(path);
  const memoryBytes = wholeNumber("memory", values.memory, DEFAULTS.memoryBytes);
  const fuel = wholeNumber("fuel", values.fuel, DEFAULTS.fuel);
  try {
    const { prepared, preparedDigest } = await prepareInChild(bytes, {
      memoryBytes,
      maxModuleBytes: DEFAULTS.maxModuleBytes,
    });
    const result = runProgram({
      runId: "cli",
      module: new WebAssembly.Module(Uint8Array.from(prepared)),
      moduleDigest: preparedDigest,
      input: process.stdin.isTTY ? new Uint8Array() : await buffer(process.stdin),
      args: [basename(path ?? ""), ...args],
      env: {},
      clockMicros: 0,
      seed: seedOf(values.seed ?? ""),
      limits: { fuel, memoryBytes, wallMs: 0, outputBytes: 64 * MIB, logBytes: MIB },
      outputContentType: "application/octet-stream",
    });
    if (result.ending === "completed") process.stdout.write(result.output);
    process.stderr.write(result.log);
    const { ending, fuelUsed, durationMs } = result;
    const detail =
      ending === "exited" ? ` with code ${result.exitCode}` : ending === "trapped" ? `: ${result.trap}` : "";
    process.stderr.write(`\n${ending}${detail}\nfuel ${fuelUsed}\ntime ${durationMs} ms\n`);
    return ending === "completed" ? 0 : 1;
  } catch (error) {
    if (!(error instanceof ModuleRefused)) throw error;
    process.stderr.write(`refused: ${error.message}\n`);
    return 1;
  }
}
