/** What a process demands of its database before it serves: a role that cannot rewrite history, a server that keeps it. */
import type { Sql } from "./connect.ts";

/** The database or the role cannot be trusted with money; the message says which and what to change. */
export class UnsafeDatabase extends Error {
  override readonly name = "UnsafeDatabase";
}

/**
 * Refuses a role that could change the ledger, and a server that could lose a commit.
 * @throws UnsafeDatabase
 */
export async function checkServer(sql: Sql): Promise<void> {
  const [role] = await sql<[{ name: string; isSuperuser: boolean; canChange: boolean; isOwner: boolean }]>`
    select current_user as name,
           r.rolsuper as "isSuperuser",
           has_table_privilege('ledger_entries', 'insert, update, delete, truncate, trigger')
             or has_table_privilege('ledger_head', 'insert, update, delete, truncate, trigger') as "canChange",
           exists (
             select 1
               from pg_class c
              where c.oid in ('ledger_entries'::regclass, 'ledger_head'::regclass, 'casts'::regclass)
                and pg_has_role(c.relowner, 'member')
           ) as "isOwner"
      from pg_roles r
     where r.rolname = current_user`;
  if (role.isSuperuser || role.canChange || role.isOwner) {
    throw new UnsafeDatabase(
      `the database role ${role.name} could rewrite the ledger; give the process the application's own role, not the owner's`,
    );
  }
  const settings = await sql<{ name: string; setting: string }[]>`
    select s.name, s.setting
      from pg_settings s
     where s.name in ('fsync', 'full_page_writes')
       and s.setting <> 'on'`;
  if (settings.length > 0) {
    throw new UnsafeDatabase(
      `Postgres runs with ${settings.map((s) => s.name).join(" and ")} off: it could lose money`,
    );
  }
}
