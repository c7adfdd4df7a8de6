/** Decodes one function's body into its locals and instructions. */
import { ModuleRefused } from "../types.ts";
import type { ByteReader } from "./byte-reader.ts";
import { PREFIX, type Immediate, type Instruction } from "./instruction.ts";
import { INSTRUCTIONS } from "./instructions.ts";
import { BOUNDS } from "./policy.ts";
import { refusedFeature } from "./refused.ts";
import { readBlockType, readHeapType, readValueType, type BlockType, type ValueType } from "./value-types.ts";

/** One instruction where it stands. */
export interface Operation {
  readonly instruction: Instruction;
  /** Offsets of the opcode and of the byte after the immediates. */
  readonly at: number;
  readonly end: number;
  /** The index, depth or count that the immediate is; 0 where it has none. */
  readonly index: number;
  /** Where control may go besides: of br_table all labels, of try_table its handlers', as depths. */
  readonly labels: readonly number[];
  /** The parameters and results of a block, loop, if, try or try_table. */
  readonly blockType: BlockType | null;
}

export interface FunctionBody {
  /** Types of the declared locals, parameters not among them. */
  readonly locals: readonly ValueType[];
  /** Offset of the first instruction. */
  readonly codeStart: number;
  /** The last one is the `end` of the body. */
  readonly operations: readonly Operation[];
  readonly size: number;
}

const NO_LABELS: readonly number[] = [];

interface Decoded {
  index: number;
  labels: readonly number[];
  blockType: BlockType | null;
}

/** A memory argument: alignment, which also says whether a memory is named, and the offset. */
function memoryArgument(reader: ByteReader): number {
  const flags = reader.u32();
  const memory = (flags & 0x40) === 0 ? 0 : reader.u32();
  reader.u32();
  return memory;
}

const HANDLER_HAS_TAG = [true, true, false, false];

function handlers(reader: ByteReader): number[] {
  return reader.list(() => {
    const kind = reader.byte();
    if (HANDLER_HAS_TAG[kind] ?? true) reader.u32();
    return reader.u32();
  });
}

function onlyMemory(index: number): number {
  if (index !== 0) throw new ModuleRefused("uses more than one memory, which is not allowed");
  return index;
}

function readImmediate(reader: ByteReader, immediate: Immediate, into: Decoded): void {
  switch (immediate) {
    case "none":
      return;
    case "block":
      into.blockType = readBlockType(reader);
      return;
    case "catches":
      into.blockType = readBlockType(reader);
      into.labels = handlers(reader);
      return;
    case "labels":
      into.labels = [...reader.list(() => reader.u32()), reader.u32()];
      if (into.labels.length > BOUNDS.branchTable) {
        throw new ModuleRefused(
          `has a br_table of ${into.labels.length} labels; the most is ${BOUNDS.branchTable}`,
        );
      }
      return;
    case "label":
    case "function":
    case "local":
    case "global":
    case "table":
    case "tag":
    case "segment":
      into.index = reader.u32();
      return;
    case "indirect":
    case "element-table":
    case "table-table":
      into.index = reader.u32();
      reader.u32();
      return;
    case "memory":
      onlyMemory(reader.u32());
      return;
    case "memory-memory":
      onlyMemory(reader.u32());
      onlyMemory(reader.u32());
      return;
    case "data-memory":
      into.index = reader.u32();
      onlyMemory(reader.u32());
      return;
    case "memory-argument":
      onlyMemory(memoryArgument(reader));
      return;
    case "memory-lane":
      onlyMemory(memoryArgument(reader));
      reader.byte();
      return;
    case "types":
      reader.list(() => readValueType(reader));
      return;
    case "heap-type":
      readHeapType(reader);
      return;
    case "i32":
      reader.skipNumber(5);
      return;
    case "i64":
      reader.skipNumber(10);
      return;
    case "f32":
      reader.take(4);
      return;
    case "f64":
      reader.take(8);
      return;
    case "v128":
      reader.take(16);
      return;
    case "lane":
      reader.byte();
  }
}

const FIRST_PREFIX = 0xfb;

/** Reads one instruction. @throws ModuleRefused naming what it belongs to when it is not allowed */
export function readOperation(reader: ByteReader): Operation {
  const at = reader.at;
  const byte = reader.byte();
  const code =
    byte >= FIRST_PREFIX && byte < 0xff ? byte * PREFIX + Math.min(reader.u32(), PREFIX - 1) : byte;
  const instruction = INSTRUCTIONS.get(code);
  if (instruction === undefined) throw new ModuleRefused(`uses ${refusedFeature(code)}`);
  const decoded: Decoded = { index: 0, labels: NO_LABELS, blockType: null };
  readImmediate(reader, instruction.immediate, decoded);
  return { instruction, at, end: reader.at, ...decoded };
}

function readLocals(reader: ByteReader): ValueType[] {
  const locals: ValueType[] = [];
  for (let groups = reader.u32(); groups > 0; groups -= 1) {
    const count = reader.u32();
    const type = readValueType(reader);
    if (locals.length + count > BOUNDS.locals) {
      throw new ModuleRefused(`has a function with more than ${BOUNDS.locals} locals`);
    }
    for (let i = 0; i < count; i += 1) locals.push(type);
  }
  return locals;
}

/** Reads the body at the cursor, which stands behind the body's size. @throws ModuleRefused */
export function readFunction(reader: ByteReader): FunctionBody {
  const start = reader.at;
  const size = reader.end - start;
  if (size > BOUNDS.bodyBytes) {
    throw new ModuleRefused(`has a function of ${size} bytes; the largest may have ${BOUNDS.bodyBytes}`);
  }
  const locals = readLocals(reader);
  if (size * locals.length > BOUNDS.bodyBytesTimesLocals) {
    throw new ModuleRefused(
      `has a function of ${size} bytes with ${locals.length} locals, which takes too long to compile`,
    );
  }
  const codeStart = reader.at;
  const operations: Operation[] = [];
  while (!reader.isAtEnd) operations.push(readOperation(reader));
  return { locals, codeStart, operations, size };
}
