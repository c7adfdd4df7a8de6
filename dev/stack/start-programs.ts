import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  emulatorEnvironment,
  stripeEnvironment,
  webEnvironment,
  workerEnvironment,
  type StackSettings,
} from "./environment.ts";
import { startNode } from "./node-process.ts";
import type { Stack } from "./stack.ts";

/** Together under the ten seconds that a person waits after Ctrl-C. */
const NODE_PATIENCE_MS = 5_000;
const WEB_DRAIN_MS = 4_000;

const SCRIPTS = {
  github: "../github/main.ts",
  stripe: "../stripe/main.ts",
  web: "../../server/main.ts",
  worker: "../../jobs/run.ts",
};

function keepProgram(stack: Stack, name: keyof typeof SCRIPTS, env: NodeJS.ProcessEnv): Promise<void> {
  const script = fileURLToPath(new URL(SCRIPTS[name], import.meta.url));
  const logFile = join(stack.devDir, `${name}.log`);
  return stack.keep(name, () => startNode({ name, script, env, logFile, patienceMs: NODE_PATIENCE_MS }));
}

/** Starts our own programs, each with what it needs to know and no more. */
export async function startPrograms(stack: Stack, settings: StackSettings): Promise<void> {
  const web = { SHUTDOWN_MS: String(WEB_DRAIN_MS), ...webEnvironment(process.env, settings) };
  const { emulator, stripe, port } = settings;
  const stripeState = join(stack.devDir, "stripe.db");
  await Promise.all([
    emulator && keepProgram(stack, "github", emulatorEnvironment(process.env, web, emulator)),
    stripe && keepProgram(stack, "stripe", stripeEnvironment(process.env, port, stripeState, stripe)),
    keepProgram(stack, "web", web),
    keepProgram(stack, "worker", workerEnvironment(process.env, settings)),
  ]);
}
