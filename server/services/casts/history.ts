/** What the history's verbs share: the columns of a cast, ended or not, and their view. */
import { casts, holds, spells, spellVersions } from "../../../drizzle/schema/index.ts";
import { costFields, type CastRecordView } from "./cast-view.ts";

export const recordColumns = {
  id: casts.id,
  state: casts.state,
  spellName: spells.name,
  version: spellVersions.version,
  errorCode: casts.errorCode,
  costMicros: casts.costMicros,
  fuelUsed: casts.fuelUsed,
  durationMs: casts.durationMs,
  admittedAt: casts.admittedAt,
};

export interface CastRecordRow {
  readonly id: string;
  readonly state: "completed" | "failed";
  readonly spellName: string;
  readonly version: string;
  readonly errorCode: string | null;
  readonly costMicros: number;
  readonly fuelUsed: number | null;
  readonly durationMs: number | null;
  readonly admittedAt: Date;
}

/** A cast that runs or waits to: nothing of it is known yet but what it was admitted with. */
export const runningColumns = {
  id: holds.castId,
  state: holds.state,
  spellName: spells.name,
  version: spellVersions.version,
  admittedAt: holds.admittedAt,
};

export interface RunningRow {
  readonly id: string;
  readonly state: "queued" | "running";
  readonly spellName: string;
  readonly version: string;
  readonly admittedAt: Date;
}

export const viewRunning = (row: RunningRow): CastRecordView => ({
  id: row.id,
  status: row.state === "queued" ? "QUEUED" : "RUNNING",
  spell_name: row.spellName,
  version: row.version,
  error_code: null,
  ...costFields(0),
  fuel_used: null,
  duration_ms: null,
  created_at: row.admittedAt.toISOString(),
});

export const viewRecord = (row: CastRecordRow): CastRecordView => ({
  id: row.id,
  status: row.state === "completed" ? "COMPLETED" : "FAILED",
  spell_name: row.spellName,
  version: row.version,
  error_code: row.errorCode,
  ...costFields(row.costMicros),
  fuel_used: row.fuelUsed,
  duration_ms: row.durationMs,
  created_at: row.admittedAt.toISOString(),
});
