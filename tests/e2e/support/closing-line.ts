import type { FullResult, Reporter, Suite, TestCase } from "@playwright/test/reporter";
import { reportCounts } from "../../support/counts.ts";

/** A fault that is known and still there: it has passed nothing. */
const isKnownFault = (test: TestCase) => test.expectedStatus === "failed" && test.outcome() === "expected";

/** Ends a run of stories with the same plain line as the other tests. What fails outside of any test counts as failed. */
export default class ClosingLine implements Reporter {
  #tests: readonly TestCase[] = [];
  #errors = 0;

  printsToStdio(): boolean {
    return false;
  }

  onBegin(_config: unknown, suite: Suite): void {
    this.#tests = suite.allTests();
  }

  onError(): void {
    this.#errors += 1;
  }

  onEnd({ status }: FullResult): void {
    const knownFaults = this.#tests.filter(isKnownFault);
    for (const { title } of knownFaults) process.stdout.write(`KNOWN FAULT, still there: ${title}\n`);
    const count = (outcome: ReturnType<TestCase["outcome"]>) =>
      this.#tests.filter((test) => test.outcome() === outcome).length;
    const failed = count("unexpected") + count("flaky") + this.#errors;
    // Interrupted, or timed out as a whole: no test of it failed, and still it is no success.
    const isCutShort = failed === 0 && status !== "passed";
    reportCounts({
      passed: count("expected") - knownFaults.length,
      failed: isCutShort ? 1 : failed,
      skipped: count("skipped"),
    });
  }
}
