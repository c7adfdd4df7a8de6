/** One real stack for a whole run of the stories, started as a person starts it and ended as Ctrl-C ends it. */
import { freePort } from "../../../dev/free-port.ts";
import { interrupt, newDevDir, removeDevDir, startStack } from "../../support/stack.ts";

/** Names the stack's folder to the processes that run the stories. */
export const STACK_FOLDER = "E2E_STACK_FOLDER";

export default async function setUp(): Promise<() => Promise<void>> {
  const devDir = newDevDir();
  const stack = await startStack(devDir, { PORT: String(await freePort()) });
  process.env[STACK_FOLDER] = devDir;
  return async () => {
    await interrupt(stack);
    removeDevDir(devDir);
  };
}
