/** The child of prepare-in-child.ts: the module on stdin, the policy as its argument, the answer on stdout. */
import { buffer } from "node:stream/consumers";
import { setFlagsFromString } from "node:v8";
import { z } from "zod";
import { runProgram } from "../run-program.ts";
import { ModuleRefused } from "../types.ts";
import type { ChildAnswer } from "./prepare-in-child.ts";
import { prepareModule } from "./prepare-module.ts";

const policySchema = z.object({ memoryBytes: z.number(), maxModuleBytes: z.number() });

/** Enough to reach what a program does first; how it ends does not matter here. */
const TRIAL_FUEL = 10_000_000;

async function prepare(): Promise<{ answer: ChildAnswer; prepared: Uint8Array }> {
  const policy = policySchema.parse(JSON.parse(process.argv[2] ?? ""));
  try {
    const { prepared, ...digests } = prepareModule(await buffer(process.stdin), policy);
    // From here on everything is compiled at once and by the optimising compiler, as it will be when the spell is hot.
    setFlagsFromString("--no-liftoff");
    setFlagsFromString("--no-wasm-lazy-compilation");
    const module = new WebAssembly.Module(Uint8Array.from(prepared));
    runProgram({
      runId: "trial",
      module,
      moduleDigest: digests.preparedDigest,
      input: Buffer.from("null"),
      args: ["trial"],
      env: {},
      clockMicros: 0,
      seed: new Uint8Array(32),
      limits: {
        fuel: TRIAL_FUEL,
        memoryBytes: policy.memoryBytes,
        wallMs: 0,
        outputBytes: 1_048_576,
        logBytes: 0,
      },
      outputContentType: "application/octet-stream",
    });
    return { answer: { outcome: "prepared", ...digests }, prepared };
  } catch (error) {
    if (!(error instanceof ModuleRefused)) throw error;
    return { answer: { outcome: "refused", why: error.message }, prepared: new Uint8Array() };
  }
}

try {
  const { answer, prepared } = await prepare();
  process.stdout.write(`${JSON.stringify(answer)}\n`);
  process.stdout.write(prepared);
} catch (error) {
  process.stderr.write(String(error instanceof Error ? error.stack : error));
  process.exitCode = 1;
}
