import { and, eq } from "drizzle-orm";
import { castAnswers, casts, spells, spellVersions } from "../../../drizzle/schema/index.ts";
import type { Platform } from "../../context.ts";
import { CastInterrupted, SPELL_ERROR_CODES, SpellFailed, WallTimeExceeded } from "../../errors.ts";
import { textOf, viewCompleted, type CompletedCastView } from "./cast-view.ts";
import { recordColumns } from "./history.ts";

/**
 * The first answer of a cast that ended, again: the same result, or the same failure.
 * @throws SpellFailed, WallTimeExceeded; CastInterrupted when it is no longer kept
 */
export async function readAnswer(
  { db }: Pick<Platform, "db">,
  accountId: string,
  castId: string,
): Promise<CompletedCastView> {
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
    .innerJoin(castAnswers, eq(castAnswers.castId, casts.id))
    .where(and(eq(casts.id, castId), eq(casts.accountId, accountId)));
  if (row === undefined) throw new CastInterrupted(castId);
  if (row.output !== null) return viewCompleted({ ...row, output: row.output });
  const log = textOf(row.log);
  const errorCode = SPELL_ERROR_CODES.find((code) => code === row.errorCode);
  if (errorCode === undefined) throw new WallTimeExceeded({ castId, wallMs: row.wallMs, log });
  throw new SpellFailed({
    castId,
    errorCode,
    detail: textOf(row.failure ?? new Uint8Array()),
    log,
    costMicros: row.costMicros,
    fuelUsed: row.fuelUsed ?? 0,
  });
}
