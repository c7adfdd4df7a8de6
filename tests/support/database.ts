import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { inject } from "vitest";
import { ROLES, roleUrls, type DatabaseUrls } from "../../dev/postgres/roles.ts";

export interface TestDatabase extends DatabaseUrls {
  drop(): Promise<void>;
}

/** A database of the caller's own, migrated, with the product's real roles. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const [superuserUrl, passwords] = [inject("superuserUrl"), inject("passwords")];
  const name = `test_${randomBytes(6).toString("hex")}`;
  const sql = postgres(superuserUrl, { max: 1, onnotice: () => undefined });
  // Copying needs the template free of sessions: others who copy it at this moment are waited for.
  await sql`select pg_advisory_lock(1)`;
  await sql`create database ${sql(name)} template template_spell owner ${sql(ROLES.owner)}`;
  await sql`select pg_advisory_unlock(1)`;
  return {
    ...roleUrls(superuserUrl, name, passwords),
    drop: async () => {
      await sql`drop database ${sql(name)} with (force)`;
      await sql.end({ timeout: 5 });
    },
  };
}
