import { join } from "node:path";
import { freePort } from "../free-port.ts";
import { prepareCluster, roleUrls, type DatabaseUrls } from "../postgres/roles.ts";
import { startPostgres } from "../postgres/start.ts";
import type { Secrets } from "./secrets.ts";
import type { Stack } from "./stack.ts";

const DATABASE = "spell";

/** Starts our own Postgres, with the three roles and an empty database. */
export async function startDatabase(stack: Stack, secrets: Secrets): Promise<DatabaseUrls> {
  const port = await freePort();
  const options = {
    folder: stack.devDir,
    password: secrets.superuser,
    port,
    logFile: join(stack.devDir, "postgres.log"),
  };
  let superuserUrl = "";
  await stack.keep("postgres", async () => {
    const server = await startPostgres(options);
    superuserUrl = server.superuserUrl;
    return server;
  });
  await prepareCluster(superuserUrl, DATABASE, secrets);
  return roleUrls(superuserUrl, DATABASE, secrets);
}
