import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { createServer } from "node:net";

/**
 * Claims a folder for this process until it ends, however it ends: the kernel lets an abstract socket's name go with
 * its holder, so nothing stale can stay behind. False when another process has it.
 */
export function claimFolder(folder: string): Promise<boolean> {
  const name = createHash("sha256").update(realpathSync(folder)).digest("hex");
  return new Promise((resolve) => {
    const holder = createServer((socket) => socket.destroy());
    holder.once("error", () => resolve(false));
    holder.listen(`\0spell-stack-${name}`, () => {
      holder.unref();
      resolve(true);
    });
  });
}
