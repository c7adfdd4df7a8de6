/** Reads everything of a module but its functions' code: what preparation decides on, counts and bounds. */
import { ModuleRefused } from "../types.ts";
import { ByteReader } from "./byte-reader.ts";
import { BOUNDS } from "./policy.ts";
import { readOperation } from "./read-function.ts";
import {
  BYTES_OF,
  EXNREF,
  letters,
  readValueType,
  type FunctionType,
  type ValueType,
} from "./value-types.ts";

export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
  tag: 13,
} as const;

export interface ImportedFunction {
  readonly module: string;
  readonly name: string;
  readonly typeIndex: number;
}

export interface Limits {
  readonly initial: number;
  readonly maximum: number | null;
}

export interface Table extends Limits {
  readonly type: ValueType;
}

export interface Global {
  readonly type: ValueType;
  readonly isMutable: boolean;
}

export type ExternalKind = "function" | "table" | "memory" | "global" | "tag";

export interface Export {
  readonly name: string;
  readonly kind: ExternalKind;
  readonly index: number;
}

export interface ModuleShape {
  readonly bytes: Uint8Array;
  /** Contents of each section, without id and size. */
  readonly sections: ReadonlyMap<number, Uint8Array>;
  readonly types: readonly FunctionType[];
  readonly imports: readonly ImportedFunction[];
  /** Type indices of the module's own functions. */
  readonly functions: readonly number[];
  readonly tables: readonly Table[];
  readonly memory: Limits | null;
  readonly globals: readonly Global[];
  readonly tags: readonly number[];
  readonly exports: readonly Export[];
  readonly start: number | null;
  /** Functions that element segments and globals name, by their index. */
  readonly referenced: ReadonlySet<number>;
  /** How many entries active element segments write, and bytes active data segments do. */
  readonly activeEntries: number;
  readonly activeBytes: number;
}

const HEADER_BYTES = 8;
const KINDS: readonly ExternalKind[] = ["function", "table", "memory", "global", "tag"];

function splitSections(bytes: Uint8Array): Map<number, Uint8Array> {
  const reader = new ByteReader(bytes, HEADER_BYTES);
  const sections = new Map<number, Uint8Array>();
  while (!reader.isAtEnd) {
    const id = reader.byte();
    const contents = reader.take(reader.u32());
    if (id !== SECTION.custom) sections.set(id, contents);
  }
  return sections;
}

const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);

/** At most so many of something, named for the maker. */
function bounded<Item>(items: readonly Item[], most: number, what: string): readonly Item[] {
  if (items.length > most) throw new ModuleRefused(`has ${items.length} ${what}; the most is ${most}`);
  return items;
}

/** Names are compared with the engine's, byte for byte: a mark at the front is part of them. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
function boundedName(reader: ByteReader): string {
  const length = reader.u32();
  if (length > BOUNDS.nameBytes) {
    throw new ModuleRefused(`has a name of ${length} bytes; the longest may have ${BOUNDS.nameBytes}`);
  }
  return decoder.decode(reader.take(length));
}

const FUNCTION_FORM = 0x60;

function readFunctionType(reader: ByteReader): FunctionType {
  if (reader.byte() !== FUNCTION_FORM) {
    throw new ModuleRefused("defines types other than functions: garbage collection is not allowed");
  }
  const read = (what: string) =>
    bounded(
      reader.list(() => readValueType(reader)),
      BOUNDS.parameters,
      `${what} of one function`,
    );
  return { parameters: read("parameters"), results: read("results") };
}

const LIMIT_HAS_MAXIMUM = 1;

function readLimits(reader: ByteReader, what: "memory" | "table"): Limits {
  const flags = reader.byte();
  if (flags > LIMIT_HAS_MAXIMUM)
    throw new ModuleRefused(`has a shared or 64-bit ${what}, which is not allowed`);
  return { initial: reader.u32(), maximum: flags === LIMIT_HAS_MAXIMUM ? reader.u32() : null };
}

function readImport(reader: ByteReader): ImportedFunction {
  const [module, name, kind] = [boundedName(reader), boundedName(reader), reader.byte()];
  if (kind !== 0) {
    throw new ModuleRefused(
      `imports the ${KINDS[kind] ?? "thing"} ${module.slice(0, 100)}.${name.slice(0, 100)}: only functions may be imported`,
    );
  }
  return { module, name, typeIndex: reader.u32() };
}

/** Only the stack may hold exceptions: each takes memory that no cap counts. */
function storable(type: ValueType): ValueType {
  if (type.byte === EXNREF)
    throw new ModuleRefused("keeps exceptions in a table, a global or an exception, which is not allowed");
  return type;
}

function readTag(reader: ByteReader, types: readonly FunctionType[]): number {
  reader.byte();
  const index = reader.u32();
  const carried = (types[index]?.parameters ?? []).map(storable);
  const bytes = sum(carried.map(({ letter }) => BYTES_OF[letter]));
  if (bytes > BOUNDS.tagBytes) {
    throw new ModuleRefused(`has exceptions that carry ${bytes} bytes; the most is ${BOUNDS.tagBytes}`);
  }
  return index;
}

const TABLE_WITH_INITIALISER = 0x40;

function readTable(reader: ByteReader): Table {
  if (reader.peek() === TABLE_WITH_INITIALISER) {
    throw new ModuleRefused(
      "gives a table an initial value of its own: typed function references are not allowed",
    );
  }
  return { type: storable(readValueType(reader)), ...readLimits(reader, "table") };
}

/** Constant expressions of the first specification, and references. */
const CONSTANT = new Set([
  "i32.const",
  "i64.const",
  "f32.const",
  "f64.const",
  "v128.const",
  "ref.null",
  "ref.func",
  "global.get",
]);

/** Passes one, and adds the functions that it names. */
function skipConstant(reader: ByteReader, referenced: Set<number>): void {
  for (;;) {
    const {
      instruction: { name },
      index,
    } = readOperation(reader);
    if (name === "end") return;
    if (name === "ref.func") referenced.add(index);
    if (!CONSTANT.has(name))
      throw new ModuleRefused("uses extended constant expressions, which are not allowed");
  }
}

function readGlobal(reader: ByteReader, referenced: Set<number>): Global {
  const type = storable(readValueType(reader));
  const mutability = reader.byte();
  if (mutability > 1) throw new ModuleRefused("has a shared global, which is not allowed");
  skipConstant(reader, referenced);
  return { type, isMutable: mutability === 1 };
}

const SEGMENT = { isPassiveOrDeclarative: 1, hasIndex: 2, hasExpressions: 4 } as const;

/** Reads one element segment; gives how many entries it writes when the module is instantiated. */
function readElements(reader: ByteReader, referenced: Set<number>): number {
  const flags = reader.u32();
  const isActive = (flags & SEGMENT.isPassiveOrDeclarative) === 0;
  const hasIndex = (flags & SEGMENT.hasIndex) !== 0;
  const hasExpressions = (flags & SEGMENT.hasExpressions) !== 0;
  if (isActive && hasIndex) reader.u32();
  if (isActive) skipConstant(reader, referenced);
  if (!isActive || hasIndex) {
    if (hasExpressions) readValueType(reader);
    else reader.byte();
  }
  const count = reader.list(() => {
    if (hasExpressions) skipConstant(reader, referenced);
    else referenced.add(reader.u32());
  }).length;
  return isActive ? count : 0;
}

/** Reads one data segment; gives how many bytes it writes when the module is instantiated. */
function readData(reader: ByteReader, referenced: Set<number>): number {
  const flags = reader.u32();
  const isActive = flags !== SEGMENT.isPassiveOrDeclarative;
  if (flags === SEGMENT.hasIndex && reader.u32() !== 0) {
    throw new ModuleRefused("uses more than one memory, which is not allowed");
  }
  if (isActive) skipConstant(reader, referenced);
  const length = reader.u32();
  reader.take(length);
  return isActive ? length : 0;
}

/**
 * Reads a module that V8 has found valid.
 * @throws ModuleRefused for what is not allowed, by name, and for what is too much, with the number
 */
export function readModule(bytes: Uint8Array): ModuleShape {
  const sections = splitSections(bytes);
  const list = <Item>(
    id: number,
    item: (reader: ByteReader) => Item,
    most: number,
    what: string,
  ): readonly Item[] => {
    const contents = sections.get(id);
    if (contents === undefined) return [];
    const reader = new ByteReader(contents);
    return bounded(
      reader.list(() => item(reader)),
      most,
      what,
    );
  };
  const types = list(SECTION.type, readFunctionType, BOUNDS.types, "types");
  const imports = list(SECTION.import, readImport, BOUNDS.imports, "imports");
  const functions = list(SECTION.function, (reader) => reader.u32(), BOUNDS.functions, "functions");
  const tables = list(SECTION.table, readTable, BOUNDS.tables, "tables");
  const memories = list(SECTION.memory, (reader) => readLimits(reader, "memory"), 1, "memories");
  const start = sections.get(SECTION.start);
  const referenced = new Set<number>();
  return {
    bytes,
    sections,
    types,
    imports,
    functions,
    tables,
    memory: memories[0] ?? null,
    globals: list(SECTION.global, (reader) => readGlobal(reader, referenced), BOUNDS.globals, "globals"),
    tags: list(SECTION.tag, (reader) => readTag(reader, types), BOUNDS.tags, "tags"),
    exports: list(
      SECTION.export,
      (reader) => {
        const name = boundedName(reader);
        return { name, kind: KINDS[reader.byte()] ?? "function", index: reader.u32() };
      },
      BOUNDS.exports,
      "exports",
    ),
    referenced,
    start: start === undefined ? null : new ByteReader(start).u32(),
    activeEntries: sum(
      list(
        SECTION.element,
        (reader) => readElements(reader, referenced),
        BOUNDS.segments,
        "element segments",
      ),
    ),
    activeBytes: sum(
      list(SECTION.data, (reader) => readData(reader, referenced), BOUNDS.segments, "data segments"),
    ),
  };
}

/** The type of a function by its index over imports and own functions. */
export function typeOfFunction(shape: ModuleShape, index: number): FunctionType {
  const own = index - shape.imports.length;
  return typeAt(shape, own < 0 ? shape.imports[index]?.typeIndex : shape.functions[own]);
}

export function typeAt(shape: ModuleShape, typeIndex: number | undefined): FunctionType {
  const type = typeIndex === undefined ? undefined : shape.types[typeIndex];
  if (type === undefined) throw new ModuleRefused("names a function type that it does not have");
  return type;
}

/** `parameters:results` in letters, as in the table of instructions. */
export const signatureOf = ({ parameters, results }: FunctionType): string =>
  `${letters(parameters)}:${letters(results)}`;
