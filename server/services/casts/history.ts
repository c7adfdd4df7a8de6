/** What the history's verbs share: the columns of a cast record and their view. */
import { casts, spells, spellVersions } from "../../../drizzle/schema/index.ts";
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
