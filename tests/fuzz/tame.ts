/**
 * Fits what the generator makes to what the sandbox takes, so that few modules are refused: imported tags, globals,
 * tables and memories become the module's own, nothing keeps exceptions, and memories and tables stay small. The
 * state is exported, so that it can be compared.
 */
import type { ByteReader } from "../../server/runtime/prepare/byte-reader.ts";
import { readOperation, type Operation } from "../../server/runtime/prepare/read-function.ts";
import { SECTION } from "../../server/runtime/prepare/read-module.ts";
import { rewriteCode, type Edit } from "./rewrite-code.ts";
import {
  appendItems,
  EXPORT_KIND,
  exportItem,
  itemsOf,
  joinModule,
  setItems,
  splitModule,
  written,
  type Sections,
} from "./sections.ts";

/** Names under which the state is exported; the number of the table or global follows. */
export const STATE = { memory: "fuzz:memory", table: "fuzz:table:", global: "fuzz:global:" } as const;

const MOST_PAGES = 64;
const MOST_ENTRIES = 1_000;

const [I32, I64, F32, F64, V128, FUNC, EXTERN, EXN] = [0x7f, 0x7e, 0x7d, 0x7c, 0x7b, 0x70, 0x6f, 0x69];
const END = 0x0b;
const [DROP, REF_NULL] = [0x1a, 0xd0];

const zero = (size: number): number[] => new Array<number>(size).fill(0);
const ZEROS: ReadonlyMap<number, readonly number[]> = new Map([
  [I32, [0x41, 0, END]],
  [I64, [0x42, 0, END]],
  [F32, [0x43, ...zero(4), END]],
  [F64, [0x44, ...zero(8), END]],
  [V128, [0xfd, 0x0c, ...zero(16), END]],
  [FUNC, [REF_NULL, FUNC, END]],
  [EXTERN, [REF_NULL, EXTERN, END]],
]);

/** A kind of module that this file cannot fit. */
export class NotTamed extends Error {
  override readonly name = "NotTamed";
}

function zeroOf(type: number): readonly number[] {
  const found = ZEROS.get(type);
  if (found === undefined) throw new NotTamed(`a value of type 0x${type.toString(16)}`);
  return found;
}

/** Exceptions may not be kept; a reference to a function stands for one. */
const keepable = (type: number): number => (type === EXN ? FUNC : type);

interface Limits {
  readonly initial: number;
  readonly maximum: number;
}

function readLimits(reader: ByteReader, most: (initial: number) => number): Limits {
  const flags = reader.byte();
  if (flags > 1) throw new NotTamed("shared or 64-bit limits");
  const initial = reader.u32();
  const maximum = flags === 1 ? reader.u32() : Infinity;
  return { initial, maximum: Math.min(maximum, most(initial)) };
}

const mostPages = (initial: number): number => Math.max(initial, MOST_PAGES);
const mostEntries = (initial: number): number => initial + MOST_ENTRIES;

/** Definitions that take the places of imports, and whether what has an index keeps exceptions. */
interface Own {
  readonly imports: Uint8Array[];
  readonly tables: Uint8Array[];
  readonly memories: Uint8Array[];
  readonly globals: Uint8Array[];
  readonly tags: Uint8Array[];
  readonly exceptionTables: boolean[];
  readonly exceptionGlobals: boolean[];
}

const limitsItem = (prefix: readonly number[], { initial, maximum }: Limits): Uint8Array =>
  written((out) => {
    out.append([...prefix, 1]);
    out.unsigned(initial);
    out.unsigned(maximum);
  });

function readTable(reader: ByteReader, own: Own): void {
  const type = reader.byte();
  if (type !== FUNC && type !== EXTERN && type !== EXN) throw new NotTamed("a table of typed references");
  own.tables.push(limitsItem([keepable(type)], readLimits(reader, mostEntries)));
  own.exceptionTables.push(type === EXN);
}

const readMemory = (reader: ByteReader, own: Own): void => {
  own.memories.push(limitsItem([], readLimits(reader, mostPages)));
};

function readGlobal(reader: ByteReader, own: Own, hasValue: boolean): void {
  const [type, mutability, start] = [reader.byte(), reader.byte(), reader.at];
  while (hasValue && readOperation(reader).instruction.name !== "end");
  const isTaken = hasValue && type !== EXN;
  const value = isTaken ? reader.bytes.subarray(start, reader.at) : zeroOf(keepable(type));
  own.globals.push(Uint8Array.from([keepable(type), mutability, ...value]));
  own.exceptionGlobals.push(type === EXN);
}

const readTag = (reader: ByteReader, own: Own): void => {
  const start = reader.at;
  reader.byte();
  reader.u32();
  own.tags.push(reader.bytes.subarray(start, reader.at));
};

function readImport(reader: ByteReader, own: Own): void {
  const start = reader.at;
  reader.take(reader.u32());
  reader.take(reader.u32());
  const kind = reader.byte();
  if (kind === EXPORT_KIND.function) {
    reader.u32();
    own.imports.push(reader.bytes.subarray(start, reader.at));
  } else if (kind === EXPORT_KIND.table) readTable(reader, own);
  else if (kind === EXPORT_KIND.memory) readMemory(reader, own);
  else if (kind === EXPORT_KIND.global) readGlobal(reader, own, false);
  else readTag(reader, own);
}

/** Imports come first in every index space, so definitions in front of the others keep all numbers. */
function readOwn(sections: Sections): Own {
  const own: Own = {
    imports: [],
    tables: [],
    memories: [],
    globals: [],
    tags: [],
    exceptionTables: [],
    exceptionGlobals: [],
  };
  itemsOf(sections, SECTION.import, (reader) => readImport(reader, own));
  itemsOf(sections, SECTION.table, (reader) => readTable(reader, own));
  itemsOf(sections, SECTION.memory, (reader) => readMemory(reader, own));
  itemsOf(sections, SECTION.global, (reader) => readGlobal(reader, own, true));
  itemsOf(sections, SECTION.tag, (reader) => readTag(reader, own));
  return own;
}

const NO_EXCEPTION = [REF_NULL, EXN];
/** Instead of what would keep an exception, or give a kept one: no exception. */
const ON_TABLE: Readonly<Record<string, readonly number[]>> = {
  "table.get": [DROP, ...NO_EXCEPTION],
  "table.set": [DROP, DROP],
  "table.grow": [DROP, DROP, 0x41, 0x7f],
  "table.fill": [DROP, DROP, DROP],
};
const ON_GLOBAL: Readonly<Record<string, readonly number[]>> = {
  "global.get": NO_EXCEPTION,
  "global.set": [DROP],
};

function forget({ instruction: { name }, index }: Operation, own: Own): Edit | null {
  const [onTable, onGlobal] = [ON_TABLE[name], ON_GLOBAL[name]];
  if (onTable !== undefined && own.exceptionTables[index] === true) return { instead: onTable };
  if (onGlobal !== undefined && own.exceptionGlobals[index] === true) return { instead: onGlobal };
  return null;
}

/** @throws NotTamed for what cannot be fitted; ModuleRefused for instructions that the sandbox does not know */
export function tame(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const sections = splitModule(bytes);
  const own = readOwn(sections);
  setItems(sections, SECTION.import, own.imports);
  setItems(sections, SECTION.table, own.tables);
  setItems(sections, SECTION.memory, own.memories);
  setItems(sections, SECTION.global, own.globals);
  setItems(sections, SECTION.tag, own.tags);
  if (own.exceptionTables.includes(true) || own.exceptionGlobals.includes(true)) {
    rewriteCode(sections, () => 0, { locals: [], edit: (operation) => forget(operation, own) });
  }
  const state = [
    ...own.memories.map((_memory, i) => exportItem(STATE.memory, EXPORT_KIND.memory, i)),
    ...own.tables.map((_table, i) => exportItem(`${STATE.table}${i}`, EXPORT_KIND.table, i)),
    ...own.globals.map((_global, i) => exportItem(`${STATE.global}${i}`, EXPORT_KIND.global, i)),
  ];
  appendItems(sections, SECTION.export, state);
  return joinModule(sections);
}
