/** Counts what became of many seeds. */
import type { CaseReport, CaseSize } from "./case.ts";

export interface Failure {
  readonly seed: number;
  readonly what: string;
}

/** The most frequent reasons, in one line; numbers in them do not matter. */
function frequent(reasons: ReadonlyMap<string, number>): string {
  const sorted = [...reasons].sort(([, a], [, b]) => b - a);
  return sorted.map(([why, times]) => `${times} x ${why}`).join("; ");
}

export class Summary {
  readonly failures: Failure[] = [];
  seeds = 0;
  modules = 0;
  same = 0;
  /** Of `same`: with NaNs of arithmetic, so that only the deterministic reference could be compared. */
  withNans = 0;
  calls = 0;
  damagedRefused = 0;
  damagedSound = 0;
  readonly refused = new Map<string, number>();
  readonly notComparable = new Map<string, number>();

  add(seed: number, report: CaseReport): void {
    this.seeds += 1;
    this.damagedRefused += report.damagedRefused;
    this.damagedSound += report.damagedSound;
    for (const what of report.failures) this.failures.push({ seed, what });
    for (const verdict of report.verdicts) {
      this.modules += 1;
      if (verdict.verdict === "same") {
        this.same += 1;
        this.calls += verdict.calls;
        if (verdict.hasNans) this.withNans += 1;
      } else if (verdict.verdict !== "different") {
        const counts = verdict.verdict === "refused" ? this.refused : this.notComparable;
        const why = verdict.why.replaceAll(/\d+/g, "N");
        counts.set(why, (counts.get(why) ?? 0) + 1);
      }
    }
  }

  get text(): string {
    const damaged = this.damagedRefused + this.damagedSound;
    return [
      `${this.seeds} seeds, ${this.modules} modules: ${this.same} the same over ${this.calls} calls (${this.withNans} with NaNs of arithmetic)`,
      `refused: ${frequent(this.refused) || "none"}`,
      `not comparable: ${frequent(this.notComparable) || "none"}`,
      `${damaged} damaged modules: ${this.damagedRefused} refused, ${this.damagedSound} prepared and sound`,
      `${this.failures.length} failures`,
    ].join("\n");
  }
}

/** The command that tries one seed again. */
export const reproduction = (seed: number, { floatPrograms, damaged }: CaseSize): string =>
  `FUZZ_SEED=${seed} COUNT=1 FLOATS=${floatPrograms} DAMAGED=${damaged} make fuzz`;
