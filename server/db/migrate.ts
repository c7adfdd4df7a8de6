/** Brings a database to this version: tables and functions, roles' rights, the job queue's own schema. */
import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate as applyMigrations } from "drizzle-orm/postgres-js/migrator";
import { runMigrations as migrateJobQueue } from "graphile-worker";
import postgres from "postgres";
import { grantRights } from "./grants.ts";
import { openJobQueue } from "./open-job-queue.ts";

const migrationsFolder = fileURLToPath(new URL("../../drizzle/migrations", import.meta.url));

/** Any fixed number; two processes that migrate at once take turns. */
const MIGRATION_LOCK = 7_306_851;

export interface MigrationUrls {
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly workerUrl: string;
}

/** The role a connection string signs in as. */
export const roleOf = (url: string): string => decodeURIComponent(new URL(url).username);

/**
 * Runs all pending migrations as the owner, grants the application's and the worker's roles (named by their URLs)
 * what they need and no more, and lets the worker make and own the schema `graphile_worker`. Safe to repeat and to
 * run twice at once.
 */
export async function migrate({ ownerUrl, appUrl, workerUrl }: MigrationUrls): Promise<void> {
  const owner = postgres(ownerUrl, { max: 1, onnotice: () => undefined, connect_timeout: 10 });
  try {
    await owner`select pg_advisory_lock(${MIGRATION_LOCK})`;
    await applyMigrations(drizzle(owner), { migrationsFolder });
    const worker = roleOf(workerUrl);
    await grantRights(owner, { app: roleOf(appUrl), worker });
    const [database] = await owner<[{ name: string }]>`select current_database() as name`;
    // The right to make a schema is lent for the moment in which the queue makes its own.
    await owner`grant create on database ${owner(database.name)} to ${owner(worker)}`;
    try {
      await migrateJobQueue({ connectionString: workerUrl });
      await openJobQueue(workerUrl, roleOf(appUrl));
    } finally {
      await owner`revoke create on database ${owner(database.name)} from ${owner(worker)}`;
    }
  } finally {
    await owner.end({ timeout: 5 });
  }
}
