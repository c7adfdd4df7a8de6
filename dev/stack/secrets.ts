/** What a local stack must remember from one start to the next, in a file only its owner can read. */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { replaceFile } from "./replace-file.ts";

const secretsFile = z.object({
  superuser: z.string(),
  owner: z.string(),
  app: z.string(),
  worker: z.string(),
  key_pepper: z.string(),
  receipt_key: z.string(),
  /** The Stripe emulator's, whose objects carry its address: it is where it was before. */
  stripe: z
    .object({
      port: z.number(),
      secret_key: z.string(),
      publishable_key: z.string(),
      webhook_secret: z.string(),
    })
    .optional(),
  /** The demo account's key, so that a restart prints the same one. */
  api_key: z.string().optional(),
});

export type Secrets = z.output<typeof secretsFile>;

const PATH = "secrets.json";
const make = () => randomBytes(32).toString("base64url");

/** Reads a folder's secrets, or makes them the first time. */
export async function openSecrets(folder: string): Promise<Secrets> {
  const text = await readFile(join(folder, PATH), "utf8").catch(() => null);
  if (text !== null) return secretsFile.parse(JSON.parse(text));
  const secrets = {
    superuser: make(),
    owner: make(),
    app: make(),
    worker: make(),
    key_pepper: make(),
    receipt_key: make(),
  };
  await saveSecrets(folder, secrets);
  return secrets;
}

export const saveSecrets = (folder: string, secrets: Secrets): Promise<void> =>
  replaceFile(join(folder, PATH), JSON.stringify(secrets, null, 2));
