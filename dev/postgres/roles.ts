/** The three roles of the product and its database, on a server where we are the superuser. */
import postgres from "postgres";

export interface RolePasswords {
  readonly owner: string;
  readonly app: string;
  readonly worker: string;
}

export interface DatabaseUrls {
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly workerUrl: string;
}

export const ROLES = { owner: "spell_owner", app: "spell_app", worker: "spell_worker" } as const;

/** The same server and database for each role. */
export function roleUrls(superuserUrl: string, database: string, passwords: RolePasswords): DatabaseUrls {
  const urlOf = (role: keyof typeof ROLES) => {
    const url = new URL(superuserUrl);
    url.username = ROLES[role];
    url.password = passwords[role];
    url.pathname = `/${database}`;
    return url.href;
  };
  return { ownerUrl: urlOf("owner"), appUrl: urlOf("app"), workerUrl: urlOf("worker") };
}

/** Makes the roles, and an empty database the owner owns, where they are missing. */
export async function prepareCluster(
  superuserUrl: string,
  database: string,
  passwords: RolePasswords,
): Promise<void> {
  const sql = postgres(superuserUrl, { max: 1, onnotice: () => undefined });
  try {
    for (const [role, name] of Object.entries(ROLES)) {
      const [known] = await sql`select 1 from pg_roles where rolname = ${name}`;
      // Utility statements take no parameters; the passwords are our own base64url.
      const password = `'${passwords[role as keyof RolePasswords].replaceAll("'", "''")}'`;
      await sql.unsafe(`${known === undefined ? "create" : "alter"} role ${name} login password ${password}`);
    }
    await sql`grant ${sql(ROLES.app)} to ${sql(ROLES.worker)}`;
    const [known] = await sql`select 1 from pg_database where datname = ${database}`;
    if (known === undefined) await sql`create database ${sql(database)} owner ${sql(ROLES.owner)}`;
    await sql`revoke all on database ${sql(database)} from public`;
    for (const role of [ROLES.app, ROLES.worker])
      await sql`grant connect on database ${sql(database)} to ${sql(role)}`;
  } finally {
    await sql.end({ timeout: 5 });
  }
}
