import type { Platform } from "../../context.ts";
import { CastInterrupted, SPELL_ERROR_CODES, SpellFailed, WallTimeExceeded } from "../../errors.ts";
import { textOf, viewCompleted, type CompletedCastView } from "./cast-view.ts";
import { readEnded } from "./read-ended.ts";

/**
 * The first answer of a cast that ended, again: the same result, or the same failure.
 * @throws SpellFailed, WallTimeExceeded; CastInterrupted when it is no longer kept
 */
export async function readAnswer(
  platform: Pick<Platform, "db">,
  accountId: string,
  castId: string,
): Promise<CompletedCastView> {
  const row = await readEnded(platform, accountId, castId);
  if (row?.output != null) return viewCompleted({ ...row, output: row.output });
  if (row?.failure == null) throw new CastInterrupted(castId);
  const log = textOf(row.log);
  const errorCode = SPELL_ERROR_CODES.find((code) => code === row.errorCode);
  if (errorCode === undefined) throw new WallTimeExceeded({ castId, wallMs: row.wallMs, log });
  throw new SpellFailed({
    castId,
    errorCode,
    detail: textOf(row.failure),
    log,
    costMicros: row.costMicros,
    fuelUsed: row.fuelUsed ?? 0,
  });
}
