import type { Reporter, TestModule } from "vitest/node";
import { reportCounts } from "./counts.ts";

/** Ends a run with one plain line that any machine can read. A file that could not even be read counts as failed. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const knownFaults: string[] = [];
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) {
      if (module.errors().length > 0) counts.failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        // A fault that is known and still there has passed nothing; when it is mended, its test fails.
        if (test.options.fails === true && state === "passed") knownFaults.push(test.fullName);
        else counts[state === "pending" ? "skipped" : state] += 1;
      }
    }
    for (const name of knownFaults) process.stdout.write(`KNOWN FAULT, still there: ${name}\n`);
    reportCounts(counts);
  }
}
