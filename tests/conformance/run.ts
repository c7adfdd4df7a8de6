/**
 * `WASM_TESTSUITE=folder WASI_TESTSUITE=folder make conformance`. The core suite's scripts are run as they are and
 * prepared: every command that the engine does as the suite wants must be done the same way by the prepared module. The
 * WASI suite's programs are run in the sandbox.
 */
import { runCore, type Count } from "./core-suite.ts";
import { say } from "./say.ts";
import { runWasi } from "./wasi-suite.ts";

const NOTHING: Count = { passed: 0, failed: 0 };

function runSuite(variable: string, what: string, run: (folder: string) => Count): Count {
  const folder = process.env[variable] ?? "";
  if (folder !== "") return run(folder);
  say(`SKIPPED: the ${what}. Set ${variable} to its folder.`);
  return NOTHING;
}

const counts = [
  runSuite("WASM_TESTSUITE", "core suite (.wast scripts)", runCore),
  runSuite("WASI_TESTSUITE", "WASI suite (pairs of .wasm and .json)", runWasi),
];
const total = (which: keyof Count) => counts.reduce((sum, count) => sum + count[which], 0);
say(`${total("passed")} passed, ${total("failed")} failed`);
process.exitCode = total("failed") > 0 ? 1 : 0;
