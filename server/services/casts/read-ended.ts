import { and, eq } from "drizzle-orm";
import { castAnswers, casts, spells, spellVersions } from "../../../drizzle/schema/index.ts";
import type { Platform } from "../../context.ts";
import { recordColumns, type CastRecordRow } from "./history.ts";

/** A cast that ended, with its log, and its answer as long as that is kept. */
export interface EndedRow extends CastRecordRow {
  readonly log: Uint8Array;
  readonly contentType: string;
  readonly wallMs: number;
  /** stdout; null when it failed or is not kept. */
  readonly output: Uint8Array | null;
  /** Why it failed, in UTF-8; null when it completed or is not kept. */
  readonly failure: Uint8Array | null;
}

/** Reads an account's cast that ended; null when it has not, or is not the account's. */
export async function readEnded(
  { db }: Pick<Platform, "db">,
  accountId: string,
  castId: string,
): Promise<EndedRow | null> {
  const [row] = await db.drizzle
    .select({
      ...recordColumns,
      log: casts.log,
      contentType: spellVersions.contentType,
      wallMs: spellVersions.wallMs,
      output: castAnswers.output,
      failure: castAnswers.failure,
    })
    .from(casts)
    .innerJoin(spellVersions, eq(spellVersions.id, casts.versionId))
    .innerJoin(spells, eq(spells.id, spellVersions.spellId))
    .leftJoin(castAnswers, eq(castAnswers.castId, casts.id))
    .where(and(eq(casts.id, castId), eq(casts.accountId, accountId)));
  return row ?? null;
}
