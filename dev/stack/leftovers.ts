/** Second guard against what a killed supervisor left: its children leave by themselves, unless they were stopped. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { end, type ProcessId } from "../processes.ts";
import { replaceFile } from "./replace-file.ts";

const record = z.record(z.string(), z.object({ pid: z.number(), startedAt: z.string() }));
const PATIENCE_MS = 2_000;
const pathIn = (devDir: string) => join(devDir, "processes.json");

/** Remembers which processes a stack has now, by name. */
export const recordProcesses = (
  devDir: string,
  processes: Readonly<Record<string, ProcessId>>,
): Promise<void> => replaceFile(pathIn(devDir), JSON.stringify(processes));

/** Null for what is no JSON: a damaged record names nothing that could be ended. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Ends whatever the record names and still lives. */
export async function endLeftovers(devDir: string): Promise<void> {
  const text = await readFile(pathIn(devDir), "utf8").catch(() => "{}");
  const parsed = record.safeParse(parseJson(text));
  if (parsed.success)
    await Promise.all(Object.values(parsed.data).map((id) => end(id, "SIGTERM", PATIENCE_MS)));
}
