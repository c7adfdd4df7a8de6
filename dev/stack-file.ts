import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const stackFile = z.looseObject({
  base_url: z.string(),
  database_url: z.string(),
  database_owner_url: z.string(),
  database_worker_url: z.string(),
  api_key: z.string(),
  session_token: z.string(),
  key_pepper: z.string(),
  receipt_key: z.string(),
});

export type StackFile = z.output<typeof stackFile>;

/** Reads what a running stack says of itself. @throws Error with a sentence for people when none runs */
export async function readStackFile(devDir = process.env["DEV_DIR"] ?? ".dev"): Promise<StackFile> {
  const path = join(devDir, "stack.json");
  const text = await readFile(path, "utf8").catch(() => {
    throw new Error(`There is no running stack in ${devDir}: start one with make run.`);
  });
  return stackFile.parse(JSON.parse(text));
}
