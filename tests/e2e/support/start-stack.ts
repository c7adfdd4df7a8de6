/** One real stack for a whole run of the stories, started as a person starts it and ended as Ctrl-C ends it. */
import { freePort } from "../../../dev/free-port.ts";
import { interrupt, newDevDir, removeDevDir, startStack } from "../../support/stack.ts";
import { publishDearSpell } from "./dear-spell.ts";

/** Names the stack's folder to the processes that run the stories. */
export const STACK_FOLDER = "E2E_STACK_FOLDER";

export default async function setUp(): Promise<() => Promise<void>> {
  const devDir = newDevDir();
  const stack = await startStack(devDir, { PORT: String(await freePort()) });
  const end = async () => {
    await interrupt(stack);
    removeDevDir(devDir);
  };
  await publishDearSpell(devDir).catch(async (error: unknown) => {
    await end();
    throw error;
  });
  process.env[STACK_FOLDER] = devDir;
  return end;
}
