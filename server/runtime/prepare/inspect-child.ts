/** The child of inspect-in-child.ts: the module on stdin, its details on stdout, or `null` when it cannot be read. */
import { buffer } from "node:stream/consumers";
import { ModuleRefused } from "../types.ts";
import { inspectModule, type ModuleDetails } from "./inspect-module.ts";

function detailsOf(bytes: Uint8Array): ModuleDetails | null {
  if (!WebAssembly.validate(Uint8Array.from(bytes))) return null;
  try {
    return inspectModule(bytes);
  } catch (error) {
    if (!(error instanceof ModuleRefused)) throw error;
    return null;
  }
}

process.stdout.write(JSON.stringify(detailsOf(await buffer(process.stdin))));
