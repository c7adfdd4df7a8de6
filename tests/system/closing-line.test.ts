import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { projectFolder } from "../support/stack.ts";

const report = (passed: number, failed: number, skipped: number) =>
  `echo '${JSON.stringify({ passed, failed, skipped })}' > "$TEST_COUNTS_FILE"`;

/** The run behind `make test`, with two runners in shell. Gives its last line and its exit code. */
function runTests(runners: Readonly<Record<"vitest" | "playwright", string>>) {
  const folder = mkdtempSync(join(tmpdir(), "spell-runners-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, script] of Object.entries(runners))
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const { stdout, status } = spawnSync(process.execPath, [join(projectFolder, "tests/run.ts")], {
    encoding: "utf8",
    env: { ...process.env, PATH: [folder, dirname(process.execPath), "/usr/bin", "/bin"].join(":") },
  });
  return [stdout.trimEnd().split("\n").at(-1), status];
}

test("both runners are added up", () => {
  expect(runTests({ vitest: report(3, 0, 1), playwright: report(2, 0, 0) })).toEqual([
    "5 passed, 0 failed, 1 skipped",
    0,
  ]);
});

test("a failure of the first does not keep the second from running, and fails the whole", () => {
  const vitest = `${report(3, 2, 0)}; exit 1`;
  expect(runTests({ vitest, playwright: report(2, 0, 0) })).toEqual(["5 passed, 2 failed", 1]);
});

test("a runner that leaves no counts has failed, whatever its exit code", () => {
  expect(runTests({ vitest: "kill -9 $$", playwright: report(2, 0, 0) })).toEqual(["2 passed, 1 failed", 1]);
  expect(runTests({ vitest: report(1, 0, 0), playwright: "exit 0" })).toEqual(["1 passed, 1 failed", 1]);
});

test("a runner that fails without a failed test counts as one", () => {
  const playwright = `${report(2, 0, 0)}; exit 1`;
  expect(runTests({ vitest: report(1, 0, 0), playwright })).toEqual(["3 passed, 1 failed", 1]);
});
