import type { ServiceContext } from "../../context.ts";
import { readAccountStanding, type AccountStanding, type LimitInForce } from "../../db/standing.ts";
import { limitSettings } from "./limit-settings.ts";

/** Where an account stands at one moment of the database's clock. */
export interface Standing extends Omit<AccountStanding, "limits"> {
  /** Of the limits in force the one with least left: it refuses first. */
  readonly tightest: LimitInForce;
}

/** What is left of a limit: less than nothing after it was lowered. */
export const leftOf = ({ hardMicros, settledMicros, heldMicros }: LimitInForce): number =>
  hardMicros - settledMicros - heldMicros;

export async function readStanding({ db, clock, config, actor }: ServiceContext): Promise<Standing> {
  const { limits, ...standing } = await readAccountStanding(
    db.sql,
    actor.accountId,
    limitSettings(config),
    clock.offsetMs,
  );
  return { ...standing, tightest: limits.reduce((a, b) => (leftOf(b) < leftOf(a) ? b : a)) };
}
