/** `make test`: the tests of the server, then the stories in a browser, and one line that adds both up. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closingLine, collectCounts, COUNTS_FILE, type Counts } from "./support/counts.ts";

const RUNNERS = [
  ["vitest", "run"],
  ["playwright", "test", "--project=stories"],
];

const interruption = new AbortController();
// The runner hears of it too, and ends what it started: its end is waited for.
process.on("SIGINT", () => interruption.abort());

async function run([program = "", ...words]: readonly string[], countsFile: string): Promise<Counts> {
  const env = { ...process.env, [COUNTS_FILE]: countsFile };
  const child = spawn(program, words, { env, stdio: "inherit" });
  const [exitCode] = (await once(child, "close")) as [number | null];
  return collectCounts(countsFile, exitCode);
}

const folder = mkdtempSync(join(tmpdir(), "spell-counts-"));
let sum: Counts = { passed: 0, failed: 0, skipped: 0 };
try {
  for (const [index, words] of RUNNERS.entries()) {
    const counts = interruption.signal.aborted
      ? { passed: 0, failed: 1, skipped: 0 }
      : await run(words, join(folder, `${index}.json`));
    sum = {
      passed: sum.passed + counts.passed,
      failed: sum.failed + counts.failed,
      skipped: sum.skipped + counts.skipped,
    };
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(closingLine(sum));
process.exitCode = sum.failed === 0 ? 0 : 1;
