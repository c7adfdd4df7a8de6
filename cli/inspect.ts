import { parseArgs } from "node:util";
import { inspectInChild, type Inspection } from "../server/runtime/prepare/inspect-in-child.ts";
import type { FunctionFuel } from "../server/runtime/prepare/inspect-module.ts";
import { SCHEDULE } from "../server/runtime/prepare/policy.ts";
import { DEFAULTS, readModuleFile, wholeNumber } from "./module-file.ts";

const SHOWN_FUNCTIONS = 20;

const list = (items: readonly string[]): string => (items.length === 0 ? "none" : items.join(", "));

function functionLine({ index, exportedAs, bytes, atEntry, places, dearest }: FunctionFuel): string {
  const figures = [bytes, atEntry, places, dearest].map((figure) => String(figure).padStart(9)).join("");
  return `${String(index).padStart(7)}${figures}  ${exportedAs ?? ""}`;
}

function describe(module: Inspection): string[] {
  const { memoryPages, functions } = module;
  const memory =
    memoryPages === null
      ? "none"
      : `${memoryPages.initial} pages, at most ${memoryPages.maximum ?? "as many as the cap allows"}`;
  const byCost = [...functions].sort((a, b) => b.dearest - a.dearest).slice(0, SHOWN_FUNCTIONS);
  return [
    `size       ${module.bytes} bytes${module.preparedBytes === null ? "" : `, ${module.preparedBytes} prepared by schedule ${SCHEDULE}`}`,
    `imports    ${list(module.imports)}`,
    `exports    ${list(module.exports)}`,
    `features   ${list(module.features)}`,
    `memory     ${memory}`,
    `data       ${module.dataBytes} bytes, ${module.tableEntries} table entries, ${module.globals} globals`,
    `functions  ${functions.length}`,
    "",
    "fuel       where it is paid; the dearest places first",
    "  index    bytes    entry   places  dearest",
    ...byCost.map(functionLine),
    "",
    module.refusedBecause === null ? "it would be accepted" : `it would be refused: ${module.refusedBecause}`,
  ];
}

/** `spell inspect`: exit code 1 when the module would be refused. */
export async function inspectCommand(words: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: { memory: { type: "string" } },
  });
  const bytes = await readModuleFile(positionals[0]);
  const memoryBytes = wholeNumber("memory", values.memory, DEFAULTS.memoryBytes);
  const inspection = await inspectInChild(bytes, { memoryBytes, maxModuleBytes: DEFAULTS.maxModuleBytes });
  console.log(describe(inspection).join("\n"));
  return inspection.refusedBecause === null ? 0 : 1;
}
