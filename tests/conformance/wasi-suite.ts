/** The official WASI suite (github.com/WebAssembly/wasi-testsuite): pairs of NAME.wasm and NAME.json. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Count } from "./core-suite.ts";
import { OutsidePolicy, readConfig, type WasiConfig } from "./wasi-config.ts";
import { runWasiProgram, type Ended } from "./wasi-program.ts";
import { say } from "./say.ts";

/** Programs that want what the sandbox does not give, and do not show it by what they call. */
const OUTSIDE_POLICY: Readonly<Record<string, string>> = {
  path_open_preopen: "a directory that can be written to: it looks for the rights to",
};

type Outcome = "passed" | { readonly excluded: string } | { readonly failed: string };

/** Bytes 4 to 8 of a component, where a module has its version. */
const isComponent = (bytes: Uint8Array): boolean => bytes[6] === 1;

/** What is wrong with how a program ended; null when it is as it must be. */
function complaint(ended: Ended, config: WasiConfig): string | null {
  const { exit, stdout, stderr } = ended;
  if (exit !== config.exitCode)
    return `ended with ${exit}, not ${config.exitCode}: ${stderr.trim().replaceAll("\n", " | ").slice(0, 300)}`;
  if (config.stdout !== null && stdout !== config.stdout) return `printed ${JSON.stringify(stdout)}`;
  if (config.stderr !== null && stderr !== config.stderr) return `logged ${JSON.stringify(stderr)}`;
  return null;
}

function runPair(path: string): Outcome {
  const name = basename(path, ".wasm");
  const policy = OUTSIDE_POLICY[name];
  if (policy !== undefined) return { excluded: policy };
  const bytes = readFileSync(path);
  if (isComponent(bytes)) return { excluded: "a component of a later WASI" };
  const json = path.replace(/\.wasm$/, ".json");
  try {
    const config = readConfig(existsSync(json) ? readFileSync(json, "utf8") : null);
    const ended = runWasiProgram(name, bytes, config, dirname(path));
    const wrong = complaint(ended, config);
    if (wrong === null) return "passed";
    return ended.refusedChange === null
      ? { failed: wrong }
      : { excluded: `a directory that can be written to (${ended.refusedChange})` };
  } catch (error) {
    if (error instanceof OutsidePolicy) return { excluded: error.message };
    return { failed: String(error) };
  }
}

/** Runs every program below `folder`; failures and exclusions are listed by name. */
export function runWasi(folder: string): Count {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".wasm"))
    .sort();
  let [passed, failed] = [0, 0];
  const excluded = new Map<string, string[]>();
  for (const path of paths) {
    const outcome = runPair(join(folder, path));
    if (outcome === "passed") passed += 1;
    else if ("failed" in outcome) {
      failed += 1;
      say(`  FAILED ${path}: ${outcome.failed}`);
    } else {
      const names = excluded.get(outcome.excluded) ?? [];
      excluded.set(outcome.excluded, [...names, basename(path, ".wasm")]);
    }
  }
  for (const [why, names] of excluded) say(`  excluded, wants ${why}: ${names.join(", ")}`);
  const out = paths.length - passed - failed;
  say(`wasi: ${paths.length} programs, ${passed} passed, ${failed} failed, ${out} excluded`);
  return { passed, failed };
}
