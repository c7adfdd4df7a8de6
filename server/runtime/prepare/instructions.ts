/** Every instruction that a spell may use. What is not here is refused by name (see refused.ts). */
import { CORE_INSTRUCTIONS } from "./core-instructions.ts";
import type { Instruction } from "./instruction.ts";
import { VECTOR_INSTRUCTIONS } from "./vector-instructions.ts";

const all = [...CORE_INSTRUCTIONS, ...VECTOR_INSTRUCTIONS];

export const INSTRUCTIONS: ReadonlyMap<number, Instruction> = new Map(all.map((one) => [one.code, one]));

/** The code of an instruction by its name; of names that stand twice, the first. */
export function codeOf(name: string): number {
  const found = all.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no instruction ${name}`);
  return found.code;
}
