/** `stack.json`: where a running stack is and how to get in. It exists only while all of the stack is ready. */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { replaceFile } from "./replace-file.ts";

const stackFile = z.looseObject({
  base_url: z.string(),
  database_url: z.string(),
  database_owner_url: z.string(),
  database_worker_url: z.string(),
  /** The demo person's; none with real GitHub. */
  api_key: z.string().optional(),
  session_token: z.string().optional(),
  /** The GitHub emulator; none with real GitHub. */
  github_url: z.string().optional(),
  /** The Stripe emulator, and the key that its own routes ask for too; none with a key of the person's own. */
  stripe_url: z.string().optional(),
  stripe_secret_key: z.string().optional(),
  key_pepper: z.string(),
  receipt_key: z.string(),
});

export type StackFile = z.output<typeof stackFile>;

const pathIn = (devDir: string) => join(devDir, "stack.json");

/** Where the local stack keeps its data: DEV_DIR, `.dev` when it is not set. */
export const devDirOf = (env: NodeJS.ProcessEnv): string => env["DEV_DIR"] || ".dev";

/** Reads what a running stack says of itself. @throws Error with a sentence for people when none runs */
export async function readStackFile(devDir = devDirOf(process.env)): Promise<StackFile> {
  const text = await readFile(pathIn(devDir), "utf8").catch(() => {
    throw new Error(`There is no running stack in ${devDir}: start one with make run.`);
  });
  return stackFile.parse(JSON.parse(text));
}

export const writeStackFile = (devDir: string, stack: StackFile): Promise<void> =>
  replaceFile(pathIn(devDir), `${JSON.stringify(stack, null, 2)}\n`);

export const removeStackFile = (devDir: string): Promise<void> => rm(pathIn(devDir), { force: true });
