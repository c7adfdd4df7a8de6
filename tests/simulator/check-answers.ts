/** Checks that answers are what happened, and that holds live no longer than they may. */
import type { Database } from "../../server/db/connect.ts";
import type { Account, Cast } from "./account.ts";
import type { Clock } from "./clock.ts";
import type { Model } from "./model.ts";
import type { ObservedCast } from "./observe.ts";
import type { Operation, SettleOperation } from "./operations.ts";
import { hold } from "./violation.ts";

/** What of a simulation is looked at. */
interface Looked {
  readonly model: Model;
  readonly clock: Clock;
  readonly db: Database;
  readonly accounts: readonly Account[];
  readonly open: readonly Cast[];
}

function checkSettlement(model: Model, { ending, answer }: SettleOperation): void {
  if (answer == null) return;
  const cast = model.casts.get(ending.castId);
  if (answer.outcome === "lost") {
    hold(cast === undefined, () => `cast ${ending.castId} has a hold or an end and was called lost`);
    return;
  }
  hold(cast?.state === "ended", () => `cast ${ending.castId} was called settled and has not ended`);
  const right = [cast.errorCode, cast.costMicros, cast.fuelUsed];
  const told = [answer.errorCode, answer.costMicros, answer.fuelUsed];
  hold(
    JSON.stringify(right) === JSON.stringify(told),
    () => `cast ${cast.id} ended as ${JSON.stringify(right)}; a settlement says ${JSON.stringify(told)}`,
  );
  hold(answer.ledgerSeq !== null, () => `cast ${cast.id} was settled without an entry`);
}

/** Every answer says what the database did. @throws Violation */
export function checkAnswers(
  model: Model,
  operations: readonly Operation[],
  openBefore: readonly Cast[],
): void {
  const cancels = new Map<string, number>();
  for (const operation of operations) {
    if (operation.verb === "settle") checkSettlement(model, operation);
    if (operation.verb !== "cancel" || operation.answer == null) continue;
    const { cast, answer } = operation;
    if (answer) cancels.set(cast.id, (cancels.get(cast.id) ?? 0) + 1);
    const wasOpen = openBefore.includes(cast);
    hold(
      answer || !wasOpen || cast.state !== "queued" || operations.some((o) => o.verb === "start"),
      () => `cast ${cast.id} waits and could not be called off`,
    );
  }
  for (const [id, count] of cancels) {
    const cast = model.casts.get(id);
    hold(
      count === 1 && cast?.errorCode === "CANCELLED",
      () => `cast ${id} was called off ${count} times and ended with ${cast?.errorCode ?? "nothing"}`,
    );
  }
}

function checkHold({ model, clock }: Looked, cast: Cast, row: ObservedCast, starts: readonly boolean[]) {
  const { settings } = model;
  const started = starts.filter(Boolean).length;
  const isAgain = cast.isQueued && cast.state === "running" && row.state === "queued";
  hold(row.starts <= 3, () => `cast ${cast.id} was started ${row.starts} times`);
  // A start whose answer was lost may have happened.
  hold(
    row.starts - cast.starts >= started && row.starts - cast.starts <= starts.length,
    () => `cast ${cast.id} was started ${row.starts - cast.starts} times; ${started} were told so`,
  );
  hold(started <= 1 || isAgain, () => `cast ${cast.id} was started by ${started} at once`);
  const longest = cast.isQueued ? Math.max(settings.queueMs, settings.graceMs) : settings.graceMs;
  hold(
    row.deadlineMicros / 1_000 <= clock.now + longest + 60_000,
    () => `cast ${cast.id} may hold its money beyond the longest time`,
  );
}

/** Holds are those of the casts that are open, each with its deadline; none is left that a sweep should have ended. */
export function checkHolds(
  simulation: Looked,
  rows: ReadonlyMap<string, ObservedCast>,
  operations: readonly Operation[],
  beganAt: number,
): void {
  const isSwept = operations.some((o) => o.verb === "sweep" && o.answer != null);
  for (const cast of simulation.open) {
    const row = rows.get(cast.id);
    hold(
      row?.state === "queued" || row?.state === "running",
      () => `the hold of cast ${cast.id} is gone, and the cast has not ended`,
    );
    const starts = operations.flatMap((o) =>
      o.verb === "start" && o.cast === cast ? [o.answer ?? false] : [],
    );
    checkHold(simulation, cast, row, starts);
    hold(
      !isSwept || row.deadlineMicros / 1_000 > beganAt,
      () => `cast ${cast.id} is overdue and a sweep left it`,
    );
    cast.state = row.state;
    cast.starts = row.starts;
    cast.deadline = row.deadlineMicros / 1_000;
  }
}

/** The notices given are those that are due, each once. @throws Violation */
export async function checkNotices({ accounts, db }: Looked): Promise<void> {
  const rows = await db.sql<{ accountId: string; notice: string }[]>`
    select account_id as "accountId", period || '/' || period_start || '/' || threshold as notice from budget_notices`;
  for (const account of accounts) {
    const given = rows.filter(({ accountId }) => accountId === account.id).map(({ notice }) => notice);
    const [right, found] = [[...account.notices].sort(), given.sort()];
    hold(
      JSON.stringify(right) === JSON.stringify(found),
      () => `account ${account.id} was given the notices ${found.join(", ")}; due were ${right.join(", ")}`,
    );
  }
}
