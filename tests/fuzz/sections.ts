/** A module as its sections, which can be changed one by one. */
import { ByteReader } from "../../server/runtime/prepare/byte-reader.ts";
import { ByteWriter } from "../../server/runtime/prepare/byte-writer.ts";
import { SECTION } from "../../server/runtime/prepare/read-module.ts";

const HEADER_BYTES = 8;
/** Sections in the order in which they must stand. */
const ORDER = [
  SECTION.type,
  SECTION.import,
  SECTION.function,
  SECTION.table,
  SECTION.memory,
  SECTION.tag,
  SECTION.global,
  SECTION.export,
  SECTION.start,
  SECTION.element,
  SECTION.dataCount,
  SECTION.code,
  SECTION.data,
] as const;

/** Contents by section id; custom sections are left out. */
export type Sections = Map<number, Uint8Array>;

export function splitModule(bytes: Uint8Array): Sections {
  const reader = new ByteReader(bytes, HEADER_BYTES);
  const sections: Sections = new Map();
  while (!reader.isAtEnd) {
    const id = reader.byte();
    const contents = reader.take(reader.u32());
    if (id !== SECTION.custom) sections.set(id, contents);
  }
  return sections;
}

export function joinModule(sections: Sections): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter();
  out.append([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
  for (const id of ORDER) {
    const contents = sections.get(id);
    if (contents === undefined) continue;
    out.push(id);
    out.sized(contents);
  }
  return Uint8Array.from(out.bytes);
}

/** The items of a section, each as its bytes; `skip` passes over one. */
export function itemsOf(sections: Sections, id: number, skip: (reader: ByteReader) => void): Uint8Array[] {
  const contents = sections.get(id);
  if (contents === undefined) return [];
  const reader = new ByteReader(contents);
  return reader.list(() => {
    const start = reader.at;
    skip(reader);
    return contents.subarray(start, reader.at);
  });
}

export function setItems(sections: Sections, id: number, items: readonly ArrayLike<number>[]): void {
  if (items.length === 0) {
    sections.delete(id);
    return;
  }
  const out = new ByteWriter();
  out.unsigned(items.length);
  for (const item of items) out.append(item);
  sections.set(id, out.bytes);
}

/** Adds items at the end of a section. */
export function appendItems(sections: Sections, id: number, more: readonly ArrayLike<number>[]): void {
  const contents = sections.get(id);
  const out = new ByteWriter();
  const reader = new ByteReader(contents ?? new Uint8Array([0]));
  out.unsigned(reader.u32() + more.length);
  out.append(reader.bytes.subarray(reader.at));
  for (const item of more) out.append(item);
  sections.set(id, out.bytes);
}

/** Bytes that `write` puts together. */
export function written(write: (out: ByteWriter) => void): Uint8Array {
  const out = new ByteWriter();
  write(out);
  return out.bytes;
}

export const EXPORT_KIND = { function: 0, table: 1, memory: 2, global: 3, tag: 4 } as const;

export const exportItem = (name: string, kind: number, index: number): Uint8Array =>
  written((out) => {
    out.sized(Buffer.from(name));
    out.push(kind);
    out.unsigned(index);
  });
