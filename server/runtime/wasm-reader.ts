/**
 * Reads the outer structure of a WebAssembly binary: sections, and the few fields that preparation decides on.
 * Source: WebAssembly Core Specification, "Binary Format". V8 has validated the module before, so a surprise here is
 * a refusal and never a guess.
 */
import { ModuleRefused } from "./types.ts";

export const SECTION = { type: 1, import: 2, memory: 5 } as const;

export interface Section {
  readonly id: number;
  /** Offset of the id byte, of the contents, and of the byte after them. */
  readonly start: number;
  readonly contents: number;
  readonly end: number;
}

const HEADER_BYTES = 8;

/** A cursor over bytes that refuses to leave them. */
export class WasmReader {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  byte(): number {
    const value = this.at < this.end ? this.bytes[this.at] : undefined;
    if (value === undefined) throw new ModuleRefused("the module ends in the middle of a section");
    this.at += 1;
    return value;
  }

  /** Unsigned LEB128 of at most 32 bits. */
  u32(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        if (value > 0xffff_ffff) break;
        return value;
      }
    }
    throw new ModuleRefused("a number in the module has more than 32 bits");
  }

  take(length: number): Uint8Array {
    if (length > this.end - this.at) throw new ModuleRefused("the module ends in the middle of a section");
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  name(): string {
    return new TextDecoder().decode(this.take(this.u32()));
  }
}

/** The sections in their order. */
export function readSections(bytes: Uint8Array): Section[] {
  const reader = new WasmReader(bytes, HEADER_BYTES);
  const sections: Section[] = [];
  while (reader.at < bytes.length) {
    const start = reader.at;
    const id = reader.byte();
    const size = reader.u32();
    const contents = reader.at;
    reader.take(size);
    sections.push({ id, start, contents, end: reader.at });
  }
  return sections;
}

/** Unsigned LEB128. */
export function encodeU32(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low + 128 : low);
  } while (rest > 0);
  return bytes;
}
