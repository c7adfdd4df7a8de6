/** The official core suite (github.com/WebAssembly/testsuite): a folder of .wast scripts. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { say } from "./say.ts";
import { runScript, type CommandResult, type Verdict } from "./script.ts";

export interface Count {
  readonly passed: number;
  readonly failed: number;
}

const MOST_SHOWN = 10;

const ofVerdict = (results: readonly CommandResult[], verdict: Verdict["verdict"]) =>
  results.filter(({ verdict: found }) => found.verdict === verdict);

function reasons(results: readonly CommandResult[]): string {
  const counts = new Map<string, number>();
  for (const { verdict } of results)
    if ("why" in verdict) counts.set(verdict.why, (counts.get(verdict.why) ?? 0) + 1);
  const shown = [...counts].sort(([, a], [, b]) => b - a).slice(0, 3);
  return shown.map(([why, times]) => `${times} x ${why}`).join("; ");
}

/** Runs one script and tells how it went. */
function runFile(file: string, source: string): CommandResult[] {
  const results = runScript(source);
  const [same, different, excluded, unclear] = [
    ofVerdict(results, "same"),
    ofVerdict(results, "different"),
    ofVerdict(results, "excluded"),
    ofVerdict(results, "not-comparable"),
  ];
  const parts = [`${same.length} same`];
  if (excluded.length > 0) parts.push(`${excluded.length} excluded (${reasons(excluded)})`);
  if (unclear.length > 0) parts.push(`${unclear.length} not comparable (${reasons(unclear)})`);
  say(`${file}: ${parts.join(", ")}`);
  for (const { line, head, verdict } of different.slice(0, MOST_SHOWN))
    say(`  DIFFERENT ${file}:${line} ${head}: ${"what" in verdict ? verdict.what : ""}`);
  return results;
}

const scriptsIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".wast"))
    .sort();

/** How many of each command, the most frequent first. */
function byCommand(results: readonly CommandResult[]): string {
  const counts = new Map<string, number>();
  for (const { head } of results) counts.set(head, (counts.get(head) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([head, times]) => `${times} ${head}`)
    .join(", ");
}

/** Runs the folder's scripts and those of its `legacy` folder, which hold the older exceptions. */
export function runCore(folder: string): Count {
  const legacy = existsSync(join(folder, "legacy")) ? scriptsIn(join(folder, "legacy")) : [];
  const files = [...scriptsIn(folder), ...legacy.map((file) => join("legacy", file))];
  const results: CommandResult[] = [];
  let unread = 0;
  for (const file of files) {
    try {
      results.push(...runFile(file, readFileSync(join(folder, file), "utf8")));
    } catch (error) {
      say(`${file}: NOT READ: ${String(error)}`);
      unread += 1;
    }
  }
  const same = ofVerdict(results, "same");
  const failed = ofVerdict(results, "different").length + unread;
  say(
    `core: ${files.length} files, ${same.length} same, ${failed} different, ` +
      `${ofVerdict(results, "excluded").length} excluded, ${ofVerdict(results, "not-comparable").length} not comparable`,
  );
  say(`the same: ${byCommand(same)}`);
  return { passed: same.length, failed };
}
