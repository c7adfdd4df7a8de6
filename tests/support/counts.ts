/** What a run of tests came to, and the one plain line that says so. */
import { readFileSync, writeFileSync } from "node:fs";

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`;
}

/** Names the file into which a runner writes its counts for the one who started it. */
export const COUNTS_FILE = "TEST_COUNTS_FILE";

/** Ends a runner: its counts go to whoever adds them up, else they are its last line. */
export function reportCounts(counts: Counts): void {
  const file = process.env[COUNTS_FILE];
  if (file) writeFileSync(file, JSON.stringify(counts));
  else process.stdout.write(closingLine(counts));
}

/** What a runner that has ended left behind. One that left nothing, or failed in silence, counts as one failed test. */
export function collectCounts(file: string, exitCode: number | null): Counts {
  let counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    // Written by reportCounts, in another process.
    counts = JSON.parse(readFileSync(file, "utf8")) as Counts;
  } catch {
    return { ...counts, failed: 1 };
  }
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}
