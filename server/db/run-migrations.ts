/** `node server/db/run-migrations.ts`: brings the database to this version; the host runs it before a release. */
import { BadConfiguration, readMigrationConfig } from "../config.ts";
import { migrate } from "./migrate.ts";

try {
  const config = readMigrationConfig();
  await migrate({
    ownerUrl: config.DATABASE_OWNER_URL,
    appUrl: config.DATABASE_URL,
    workerUrl: config.DATABASE_WORKER_URL,
  });
} catch (error) {
  process.stderr.write(`${error instanceof BadConfiguration ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
