import { readFile } from "node:fs/promises";
import { Misuse } from "./misuse.ts";

const MIB = 1_048_576;
export const DEFAULTS = { memoryBytes: 128 * MIB, maxModuleBytes: 10 * MIB, fuel: 1_000_000_000 };

/** Reads the module a command names. @throws Misuse */
export async function readModuleFile(path: string | undefined): Promise<Uint8Array> {
  if (path === undefined) throw new Misuse("name a module");
  return readFile(path).catch(() => {
    throw new Misuse(`${path} cannot be read`);
  });
}

/** A whole number from an option. @throws Misuse */
export function wholeNumber(option: string, text: string | undefined, byDefault: number): number {
  if (text === undefined) return byDefault;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new Misuse(`--${option} ${text} is not a whole number`);
  return value;
}
