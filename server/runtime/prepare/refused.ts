/** The names of what WebAssembly has and a spell may not use: a maker is told what to switch off. */
import { BULK, PREFIX, SIMD } from "./instruction.ts";

const GC = 0xfb;
const THREADS = 0xfe;
const FIRST_RELAXED_SIMD = 0x100;

/** What an opcode outside the allow-list belongs to. */
export function refusedFeature(code: number): string {
  if (code === 0x14 || code === 0x15) return "typed function references (call_ref)";
  if (code === 0xd3) return "garbage collection (ref.eq)";
  if (code >= 0xd4 && code <= 0xd6) return "typed function references";
  const prefix = Math.floor(code / PREFIX);
  if (prefix === GC) return "garbage collection";
  if (prefix === THREADS) return "threads and atomic operations";
  if (code >= SIMD + FIRST_RELAXED_SIMD) return "relaxed SIMD, whose results depend on the machine";
  if (code >= BULK) return `an instruction that is not allowed (0x${prefix.toString(16)} ${code % PREFIX})`;
  return `an instruction that is not allowed (0x${code.toString(16)})`;
}
