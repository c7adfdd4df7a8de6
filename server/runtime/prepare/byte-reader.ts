/**
 * A cursor over the bytes of a module. V8 has validated the module before, so a surprise here is a refusal and never
 * a guess. Source of the number formats: WebAssembly Core Specification, "Values" of the binary format.
 */
import { ModuleRefused } from "../types.ts";

const CUT = "the module ends in the middle of something";

export class ByteReader {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  get isAtEnd(): boolean {
    return this.at >= this.end;
  }

  byte(): number {
    const value = this.at < this.end ? this.bytes[this.at] : undefined;
    if (value === undefined) throw new ModuleRefused(CUT);
    this.at += 1;
    return value;
  }

  peek(): number {
    const value = this.byte();
    this.at -= 1;
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

  /** Signed LEB128 of at most 33 bits, as in block types. */
  s33(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return (byte & 0x40) === 0 ? value : value - 2 ** (shift + 7);
    }
    throw new ModuleRefused("a number in the module has more than 33 bits");
  }

  /** Passes over one LEB128 number of at most `maxBytes`. */
  skipNumber(maxBytes: number): void {
    for (let i = 0; i < maxBytes; i += 1) if (this.byte() < 0x80) return;
    throw new ModuleRefused("a number in the module is longer than its type allows");
  }

  take(length: number): Uint8Array {
    if (length > this.end - this.at) throw new ModuleRefused(CUT);
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** Reads a vector: its length, then that many items. */
  list<Item>(item: () => Item): Item[] {
    const items: Item[] = [];
    for (let left = this.u32(); left > 0; left -= 1) items.push(item());
    return items;
  }
}
