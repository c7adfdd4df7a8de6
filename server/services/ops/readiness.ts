import type { Platform } from "../../context.ts";
import { isUnavailable } from "../../db/failures.ts";

const REMEMBER_MS = 1_000;
const PATIENCE_MS = 2_000;

/** The first check that fails, or null. */
export type Readiness = () => Promise<"database" | "draining" | null>;

/** Can this process serve? Asked of the database at most once a second, however often others ask us. */
export function checkReadiness({ db, drain }: Pick<Platform, "db" | "drain">): Readiness {
  let asked: { at: number; answer: Promise<boolean> } | null = null;
  const ask = async (): Promise<boolean> => {
    const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), PATIENCE_MS).unref());
    const answered = db.sql`select 1`.then(
      () => true,
      (error: unknown) => {
        if (!isUnavailable(error)) throw error;
        return false;
      },
    );
    return Promise.race([answered, late]);
  };
  return async () => {
    if (drain.aborted) return "draining";
    const now = performance.now();
    if (asked === null || now - asked.at > REMEMBER_MS) asked = { at: now, answer: ask() };
    return (await asked.answer) ? null : "database";
  };
}
