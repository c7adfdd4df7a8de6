import type { Database } from "../../db/connect.ts";

/** A figure that casts, usage and ledger should agree on and do not. */
export interface Disagreement {
  readonly what: string;
  readonly found: number;
}

export type Connection = Pick<Database, "sql">;

/** Adds up what pages found, and leaves out what nobody found. */
export function addUp(found: readonly Disagreement[]): Disagreement[] {
  const byWhat = new Map<string, number>();
  for (const { what, found: count } of found) {
    if (count > 0) byWhat.set(what, (byWhat.get(what) ?? 0) + count);
  }
  return [...byWhat].map(([what, count]) => ({ what, found: count }));
}
