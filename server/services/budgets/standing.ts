import type { ServiceContext } from "../../context.ts";
import {
  readAccountMonth,
  readAccountStanding,
  type AccountStanding,
  type LimitInForce,
  type UsageSums,
} from "../../db/standing.ts";
import { limitSettings } from "./limit-settings.ts";

/** Where an account stands at one moment of the database's clock. */
export interface Standing extends Omit<AccountStanding, "limits"> {
  /** Of the limits in force the one with least left: it refuses first. */
  readonly tightest: LimitInForce;
}

/** What is left of a limit: less than nothing after it was lowered. */
export const leftOf = ({ hardMicros, settledMicros, heldMicros }: LimitInForce): number =>
  hardMicros - settledMicros - heldMicros;

const withTightest = ({ limits, ...standing }: AccountStanding): Standing => ({
  ...standing,
  tightest: limits.reduce((a, b) => (leftOf(b) < leftOf(a) ? b : a)),
});

const optionsOf = ({ clock, config, actor }: ServiceContext) => ({
  accountId: actor.accountId,
  settings: limitSettings(config),
  clockOffsetMs: clock.offsetMs,
});

export async function readStanding(ctx: ServiceContext): Promise<Standing> {
  return withTightest(await readAccountStanding(ctx.db.sql, optionsOf(ctx)));
}

/** With what the present UTC month used: its days in order, then its spells, the dearest first. */
export async function readMonth(
  ctx: ServiceContext,
): Promise<{ standing: Standing; usage: readonly UsageSums[] }> {
  const { standing, usage } = await readAccountMonth(ctx.db.sql, optionsOf(ctx));
  return { standing: withTightest(standing), usage };
}
