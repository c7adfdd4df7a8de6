/** One real server for a whole run of the integration tests, with a migrated database they copy. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { prepareCluster, roleUrls } from "../../dev/postgres/roles.ts";
import { startPostgres } from "../../dev/postgres/start.ts";
import { migrate } from "../../server/db/migrate.ts";

export const TEMPLATE = "template_spell";

declare module "vitest" {
  interface ProvidedContext {
    superuserUrl: string;
    passwords: { owner: string; app: string; worker: string };
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "spell-test-"));
  const secret = () => randomBytes(16).toString("hex");
  const passwords = { owner: secret(), app: secret(), worker: secret() };
  const server = await startPostgres({ folder, password: secret(), logFile: join(folder, "log") });
  await prepareCluster(server.superuserUrl, TEMPLATE, passwords);
  await migrate(roleUrls(server.superuserUrl, TEMPLATE, passwords));
  project.provide("superuserUrl", server.superuserUrl);
  project.provide("passwords", passwords);
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
