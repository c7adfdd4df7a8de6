/**
 * Makes NaNs frequent: half of the constants become infinities, zeros and NaNs of all kinds, and arithmetic on floats
 * is mixed up. What comes out is another valid module; few generated ones would meet a NaN otherwise.
 */
import { SECTION } from "../../server/runtime/prepare/read-module.ts";
import type { Operation } from "../../server/runtime/prepare/read-function.ts";
import type { Random } from "./random.ts";
import { rewriteCode, type Edit } from "./rewrite-code.ts";
import { joinModule, splitModule } from "./sections.ts";

const EDGES_32 = [
  0x0000_0000, 0x8000_0000, 0x7f80_0000, 0xff80_0000, 0x3f80_0000, 0xbf80_0000, 0x7fc0_0000, 0xffc0_0000,
  0x7fa0_0001, 0xffe1_2345,
] as const;
const EDGES_64 = [
  0x0000_0000_0000_0000n,
  0x8000_0000_0000_0000n,
  0x7ff0_0000_0000_0000n,
  0xfff0_0000_0000_0000n,
  0x3ff0_0000_0000_0000n,
  0xbff0_0000_0000_0000n,
  0x7ff8_0000_0000_0000n,
  0xfff8_0000_0000_0000n,
  0x7ff4_0000_0000_0001n,
  0xfffc_1234_5678_9abcn,
] as const;

function edge(random: Random, width: 32 | 64): number[] {
  const bytes = Buffer.alloc(width / 8);
  if (width === 32) bytes.writeUInt32LE(random.pick(EDGES_32));
  else bytes.writeBigUInt64LE(random.pick(EDGES_64));
  return [...bytes];
}

const edges = (random: Random, width: 32 | 64): number[] =>
  Array.from({ length: 128 / width }, () => edge(random, width)).flat();

/** First opcodes of runs of binary arithmetic: add, sub, mul, div, min, max. */
const BINARY = { f32: 0x92, f64: 0xa0, f32x4: 0xe4, f64x2: 0xf0 } as const;
const RUN = 6;

const BINARY_NAME = /^(f32|f64|f32x4|f64x2)\.(add|sub|mul|div|min|max)$/;

function another(random: Random, type: keyof typeof BINARY): number[] {
  const code = BINARY[type] + random.below(RUN);
  // Vector opcodes follow a prefix and are numbers of two bytes from 0x80 on.
  return type === "f32" || type === "f64" ? [code] : [0xfd, code, 0x01];
}

function stirOne({ instruction: { name } }: Operation, random: Random): Edit | null {
  if (random.oneIn(2)) return null;
  if (name === "f32.const") return { instead: [0x43, ...edge(random, 32)] };
  if (name === "f64.const") return { instead: [0x44, ...edge(random, 64)] };
  if (name === "v128.const") return { instead: [0xfd, 0x0c, ...edges(random, random.oneIn(2) ? 32 : 64)] };
  const type = BINARY_NAME.exec(name)?.[1];
  return type === undefined ? null : { instead: another(random, type as keyof typeof BINARY) };
}

/** @throws ModuleRefused for instructions that the sandbox's decoder does not know */
export function stir(bytes: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  const sections = splitModule(bytes);
  if (!sections.has(SECTION.code)) return Uint8Array.from(bytes);
  rewriteCode(sections, () => 0, { locals: [], edit: (operation) => stirOne(operation, random) });
  return joinModule(sections);
}
