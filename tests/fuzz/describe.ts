/** Values as text that tells every bit of them. */
import type { Bits } from "../conformance/values.ts";

export function describe(bits: Bits | undefined): string {
  if (typeof bits === "number") return (bits >>> 0).toString(16);
  if (typeof bits === "bigint") return BigInt.asUintN(64, bits).toString(16);
  if (Array.isArray(bits)) return (bits as bigint[]).map(describe).join(":");
  // V8 names a function by its index, which preparation keeps.
  if (typeof bits === "function") return `function ${(bits as { name: string }).name}`;
  return bits === null || bits === undefined ? "null" : "object";
}
