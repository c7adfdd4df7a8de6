/**
 * Preparation away from everything else: a child process reads the module, rewrites it, compiles what came out to full
 * optimisation and runs it once, under hard limits of the operating system. A compiler has no fuel: a module that takes
 * it too long or too much memory is refused here, where only the child pays.
 */
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { ModuleRefused } from "../types.ts";
import { PROOF_LIMITS, runLimited } from "./limited-child.ts";
import type { PreparedModule, PreparePolicy } from "./prepare-module.ts";

/** The first line a child writes; the prepared bytes follow it. */
export const childAnswer = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("prepared"), publishedDigest: z.string(), preparedDigest: z.string() }),
  z.object({ outcome: z.literal("refused"), why: z.string() }),
]);

export type ChildAnswer = z.output<typeof childAnswer>;
export type ChildPolicy = Pick<PreparePolicy, "memoryBytes" | "maxModuleBytes">;

const script = fileURLToPath(new URL("./prepare-child.ts", import.meta.url));
const NEWLINE = 0x0a;

/**
 * Prepares a module for publishing.
 * @throws ModuleRefused naming what is wrong, also when compiling takes more than `PROOF_LIMITS`; Error when the child
 * failed or was killed without the module's doing
 */
export async function prepareInChild(
  bytes: Uint8Array,
  policy: ChildPolicy,
  limits = PROOF_LIMITS,
): Promise<PreparedModule> {
  if (bytes.length > policy.maxModuleBytes) {
    throw new ModuleRefused(
      `has ${bytes.length} bytes; the largest module may have ${policy.maxModuleBytes}`,
    );
  }
  const output = await runLimited(script, [JSON.stringify(policy)], bytes, limits);
  const end = output.indexOf(NEWLINE);
  const answer = childAnswer.parse(JSON.parse(output.subarray(0, end).toString()));
  if (answer.outcome === "refused") throw new ModuleRefused(answer.why);
  return { ...answer, prepared: output.subarray(end + 1) };
}
