/** The database alone: admission and settlement of one hot account, in batches as large as a process sends. */
import type { AdmissionSettings } from "../../server/db/casts.ts";
import type { Sql } from "../../server/db/connect.ts";
import { admitCasts, endingOf, requestOf, settleCasts } from "../../tests/support/moves.ts";

export interface DatabaseFigures {
  readonly admittedPerSecond: number;
  readonly settledPerSecond: number;
  /** Admitted and settled, one after the other on one connection. */
  readonly bothPerSecond: number;
}

const perSecond = (count: number, startedAt: number) => (count * 1_000) / (performance.now() - startedAt);

/** Admits `batches` batches and then settles them; all of it durable. */
export async function measureDatabase(
  sql: Sql,
  settings: AdmissionSettings,
  accountId: string,
  { batches, batchSize }: { readonly batches: number; readonly batchSize: number },
): Promise<DatabaseFigures> {
  const requests = Array.from({ length: batches }, () =>
    Array.from({ length: batchSize }, () => requestOf(accountId, "echo")),
  );
  const startedAt = performance.now();
  for (const batch of requests) {
    const answers = await admitCasts(sql, batch, settings, 0);
    const refused = answers.find(({ decision }) => decision !== "admitted");
    if (refused !== undefined) throw new Error(`a cast was refused: ${refused.decision}`);
  }
  const admittedAt = performance.now();
  for (const batch of requests) {
    const endings = batch.map((cast) => endingOf(cast, { fuelUsed: 30_000, durationMs: 0.4 }));
    const settled = await settleCasts(sql, endings, settings, 0);
    if (settled.some(({ outcome }) => outcome !== "settled")) throw new Error("a cast was not settled");
  }
  const count = batches * batchSize;
  return {
    admittedPerSecond: (count * 1_000) / (admittedAt - startedAt),
    settledPerSecond: perSecond(count, admittedAt),
    bothPerSecond: perSecond(count, startedAt),
  };
}
