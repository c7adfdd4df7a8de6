/** A real PostgreSQL for the simulator, with a migrated database that each run copies. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { prepareCluster, ROLES, roleUrls, type DatabaseUrls } from "../../dev/postgres/roles.ts";
import { startPostgres } from "../../dev/postgres/start.ts";
import { migrate } from "../../server/db/migrate.ts";

const TEMPLATE = "template_simulator";

export interface SimulatedDatabase extends DatabaseUrls {
  /** Sees the job queue too, which is closed to the application. */
  readonly superuserUrl: string;
  drop(): Promise<void>;
}

export interface SimulatorServer {
  makeDatabase(): Promise<SimulatedDatabase>;
  stop(): Promise<void>;
}

export async function startServer(): Promise<SimulatorServer> {
  const folder = await mkdtemp(join(tmpdir(), "spell-simulator-"));
  const secret = () => randomBytes(16).toString("hex");
  const passwords = { owner: secret(), app: secret(), worker: secret() };
  const server = await startPostgres({ folder, password: secret(), logFile: join(folder, "log") });
  await prepareCluster(server.superuserUrl, TEMPLATE, passwords);
  await migrate(roleUrls(server.superuserUrl, TEMPLATE, passwords));
  const sql = postgres(server.superuserUrl, { max: 1, onnotice: () => undefined });
  return {
    makeDatabase: async () => {
      const name = `simulation_${randomBytes(6).toString("hex")}`;
      await sql`create database ${sql(name)} template ${sql(TEMPLATE)} owner ${sql(ROLES.owner)}`;
      const superuserUrl = new URL(server.superuserUrl);
      superuserUrl.pathname = `/${name}`;
      return {
        ...roleUrls(server.superuserUrl, name, passwords),
        superuserUrl: superuserUrl.href,
        drop: async () => {
          await sql`drop database ${sql(name)} with (force)`;
        },
      };
    },
    stop: async () => {
      await sql.end({ timeout: 5 });
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
