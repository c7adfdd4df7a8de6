/** Steps in which something goes wrong: transactions rolled back, answers lost, locks held over midnight. */
import { moveCasts } from "../../../server/db/casts.ts";
import type { Sql } from "../../../server/db/connect.ts";
import type { Proxy } from "../../support/postgres-proxy.ts";
import type { Operation } from "../operations.ts";
import type { Simulation } from "../simulation.ts";
import { hold } from "../violation.ts";
import { anyOperations } from "./burst.ts";
import { anyEnding, anyRequest } from "./request.ts";

class RolledBack extends Error {
  override readonly name = "RolledBack";
}

/** Runs a transaction to its last statement, the ledger's, and then takes it back. */
async function takeBack(sql: Sql, run: (sql: Sql) => Promise<unknown>): Promise<void> {
  await sql
    .begin(async (transaction) => {
      // A transaction answers the same calls as the pool it was taken from; only its type has fewer.
      await run(transaction as unknown as Sql);
      throw new RolledBack();
    })
    .catch((error: unknown) => {
      if (!(error instanceof RolledBack)) throw error;
    });
}

/** Admissions and settlements that are rolled back leave nothing, no gap in the ledger above all. */
export async function rollBack(simulation: Simulation): Promise<void> {
  const { db, model, clock } = simulation;
  const account = simulation.pick(simulation.accounts);
  if (account === undefined) return;
  const requests = [anyRequest(simulation, account), anyRequest(simulation, account)];
  const endings = simulation.open
    .filter(({ state }) => state === "running")
    .slice(0, 3)
    .map((cast) => anyEnding(simulation, cast));
  await takeBack(db.sql, (sql) => moveCasts(sql, { requests, endings }, model.settings, clock.offsetMs));
  simulation.trace.push(`    ${requests.length} admissions and ${endings.length} settlements rolled back`);
  await simulation.perform(anyOperations(simulation, 2));
}

/** A settlement that went through and whose answer was lost is asked again, and charges once. */
export async function loseSettlement(simulation: Simulation, proxy: Proxy): Promise<void> {
  const cast = simulation.pick(simulation.open.filter(({ state }) => state === "running"));
  if (cast === undefined) return;
  const ending = anyEnding(simulation, cast);
  const before = proxy.lost;
  proxy.loseNextAnswer();
  await simulation.perform([{ verb: "settle", caster: simulation.casters.cuttable, ending }]);
  hold(proxy.lost === before + 1, () => "the answer of a settlement was not lost as wanted");
  await simulation.perform([{ verb: "settle", caster: simulation.casters.cuttable, ending }]);
}

/** An admission whose answer was lost holds its money until it is swept; the same request again does not run beside it. */
export async function loseAdmission(simulation: Simulation, proxy: Proxy): Promise<void> {
  const account = simulation.pick(simulation.accounts);
  if (account === undefined) return;
  const request = anyRequest(simulation, account);
  const again = { ...request, castId: simulation.id() };
  const before = proxy.lost;
  proxy.loseNextAnswer();
  await simulation.perform([{ verb: "admit", caster: simulation.casters.cuttable, request }]);
  hold(proxy.lost === before + 1, () => "the answer of an admission was not lost as wanted");
  await simulation.perform([{ verb: "admit", caster: simulation.caster(), request: again }]);
}

/** A settlement of a cast that nobody admitted, beside real ones. */
export async function settleUnknown(simulation: Simulation): Promise<void> {
  const account = simulation.pick(simulation.accounts);
  const known = simulation.pick(simulation.open.filter(({ state }) => state === "running"));
  if (account === undefined || known === undefined) return;
  const real = anyEnding(simulation, known);
  const unknown = { ...real, castId: simulation.id(), accountId: account.id };
  const operations = [unknown, real].map((ending): Operation => {
    return { verb: "settle", caster: simulation.casters.all[0], ending };
  });
  await simulation.perform(operations);
}

const BEFORE_MIDNIGHT_MS = 400;

/** Admissions wait for an account's lock while midnight passes: they belong to the day in which they are decided. */
export async function waitOverMidnight(simulation: Simulation): Promise<void> {
  const { db, clock, trace } = simulation;
  const account = simulation.pick(simulation.accounts);
  if (account === undefined) return;
  const requests = Array.from({ length: 6 }, () => anyRequest(simulation, account));
  const midnight = clock.standBeforeMidnight(BEFORE_MIDNIGHT_MS);
  const operations = requests.map((request): Operation => {
    return { verb: "admit", caster: simulation.caster(), request };
  });
  let performed: Promise<void> | undefined;
  await db.sql.begin(async (sql) => {
    await sql`select 1 from accounts where id = ${account.id} for no key update`;
    performed = simulation.perform(operations);
    // A failure is looked at below, when the lock is gone.
    performed.catch(() => undefined);
    await sql`
      select pg_sleep_until(to_timestamp(${(midnight + 50 - clock.offsetMs) / 1_000}::double precision))`;
  });
  await performed;
  const late = requests
    .map(({ castId }) => simulation.model.casts.get(castId))
    .filter((c) => c !== undefined);
  for (const cast of late)
    hold(
      cast.admittedAt >= midnight,
      () => `cast ${cast.id} was decided before midnight, when it had no lock`,
    );
  trace.push(`    ${late.length} admitted after they waited over midnight`);
}
