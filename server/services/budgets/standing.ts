import { eq, sql } from "drizzle-orm";
import { budgets } from "../../../drizzle/schema/index.ts";
import type { ServiceContext } from "../../context.ts";
import { readLimits, type LimitInForce } from "../../db/limits.ts";
import { limitSettings } from "./limit-settings.ts";

/** Where an account stands at one moment of the database's clock. */
export interface Standing {
  readonly now: Date;
  readonly budget: typeof budgets.$inferSelect | null;
  /** Of the limits in force the one with least left: it refuses first. */
  readonly tightest: LimitInForce;
}

/** What is left of a limit: less than nothing after it was lowered. */
export const leftOf = ({ hardMicros, settledMicros, heldMicros }: LimitInForce): number =>
  hardMicros - settledMicros - heldMicros;

export async function readStanding({ db, clock, config, actor }: ServiceContext): Promise<Standing> {
  const { accountId } = actor;
  const [[budget], [time], limits] = await Promise.all([
    db.drizzle.select().from(budgets).where(eq(budgets.accountId, accountId)),
    db.drizzle.execute<{ now: string }>(sql`select clock_timestamp() as now`),
    readLimits(db.sql, accountId, limitSettings(config), clock.offsetMs),
  ]);
  return {
    now: new Date(new Date(time?.now ?? Number.NaN).getTime() + clock.offsetMs),
    budget: budget ?? null,
    tightest: limits.reduce((a, b) => (leftOf(b) < leftOf(a) ? b : a)),
  };
}
