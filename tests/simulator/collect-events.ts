import type { Sql } from "../../server/db/connect.ts";
import type { Cast } from "./account.ts";
import type { ChangeEvent, Event } from "./events.ts";
import { readEntries, type ObservedCast } from "./observe.ts";
import type { AdmitOperation, Operation } from "./operations.ts";
import { hold } from "./violation.ts";

const isEnded = ({ state }: ObservedCast): boolean => state === "completed" || state === "failed";

function requestEvent(
  { request, answer }: AdmitOperation,
  row: ObservedCast | null,
  offsetMs: number,
): Event {
  const admittedAt = row === null ? Date.now() * 1_000 : row.admittedAtMicros - offsetMs * 1_000;
  return {
    kind: "request",
    request,
    admission: answer?.admission ?? null,
    row,
    // Without an answer the database's own word for the moment; the locks' order is the same by either.
    atMicros: answer?.atMicros ?? admittedAt,
    position: answer?.position ?? 0,
  };
}

/** The changes of a step with their moments: their own word for it, or their entry in the ledger. */
async function changeEvents(sql: Sql, operations: readonly Operation[], seq: number): Promise<ChangeEvent[]> {
  const changes = operations.filter((operation) => operation.verb === "change");
  const entries = changes.length === 0 ? [] : await readEntries(sql, seq);
  return changes.map(({ change, atMicros }) => {
    const entry = entries.find(
      ({ kind, accountId }) => kind === change.entryKind && accountId === change.account.id,
    );
    const moment = atMicros ?? entry?.atMicros;
    hold(moment !== undefined, () => `${change.what} stands nowhere in the ledger`);
    return {
      kind: "changed",
      account: change.account,
      change: () => change.apply(),
      atMicros: moment,
      position: 0,
    };
  });
}

/** All that happened in a step: what was asked, what ended, what changed. */
export async function collectEvents(
  sql: Sql,
  operations: readonly Operation[],
  openBefore: readonly Cast[],
  rows: ReadonlyMap<string, ObservedCast>,
  seq: number,
  offsetMs: number,
): Promise<Event[]> {
  const events: Event[] = await changeEvents(sql, operations, seq);
  const candidates = new Set(openBefore.map(({ id }) => id));
  for (const operation of operations) {
    if (operation.verb !== "admit") continue;
    const { castId } = operation.request;
    events.push(requestEvent(operation, rows.get(castId) ?? null, offsetMs));
    candidates.add(castId);
  }
  for (const id of candidates) {
    const row = rows.get(id);
    if (row === undefined || !isEnded(row)) continue;
    events.push({
      kind: "ended",
      row,
      atMicros: row.endedAtMicros - offsetMs * 1_000,
      position: row.seq,
    });
  }
  return events;
}
