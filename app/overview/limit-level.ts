import type { Limit } from "./overview.ts";

/** How far a limit is spent, as far as a person has to know. */
export type LimitLevel = "below" | "most" | "nearly" | "full";

type Spent = Pick<Limit, "hard_micros" | "spent_micros">;

/** Whole percents, rounded down: 100 only when all is spent. */
export const percentSpent = ({ hard_micros: hard, spent_micros: spent }: Spent): number =>
  hard === 0 ? 100 : Math.floor((spent * 100) / hard);

export function limitLevel(limit: Spent): LimitLevel {
  const percent = percentSpent(limit);
  if (percent >= 100) return "full";
  if (percent >= 90) return "nearly";
  return percent >= 70 ? "most" : "below";
}
