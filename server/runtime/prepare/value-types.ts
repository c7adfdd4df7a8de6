/** Types of values and blocks. Source: WebAssembly Core Specification, "Types" of the binary format. */
import { ModuleRefused } from "../types.ts";
import type { ByteReader } from "./byte-reader.ts";

/** `i i32, I i64, f f32, F f64, v v128, r a reference`: one letter, so that signatures are short texts. */
export type TypeLetter = "i" | "I" | "f" | "F" | "v" | "r";

export interface ValueType {
  readonly letter: TypeLetter;
  /** Its byte in the binary format. */
  readonly byte: number;
}

/** How large a value is. A reference counts as the pointer that a program would keep instead. */
export const BYTES_OF: Readonly<Record<TypeLetter, number>> = { i: 4, I: 8, f: 4, F: 8, v: 16, r: 4 };

/** A reference to an exception. */
export const EXNREF = 0x69;

const VALUE_TYPES = new Map<number, ValueType>(
  (
    [
      [0x7f, "i"],
      [0x7e, "I"],
      [0x7d, "f"],
      [0x7c, "F"],
      [0x7b, "v"],
      [0x70, "r"],
      [0x6f, "r"],
      [EXNREF, "r"],
    ] as const
  ).map(([byte, letter]) => [byte, { byte, letter }]),
);

/** Names of types that are refused, by their byte. */
const REFUSED: ReadonlyMap<number, string> = new Map([
  [0x64, "typed references"],
  [0x63, "typed references"],
  [0x65, "shared references"],
]);

const refuse = (byte: number): never => {
  throw new ModuleRefused(
    `uses ${REFUSED.get(byte) ?? "types of garbage collection"}, which are not allowed`,
  );
};

export function readValueType(reader: ByteReader): ValueType {
  const byte = reader.byte();
  return VALUE_TYPES.get(byte) ?? refuse(byte);
}

const FUNC = 0x70;
const EXTERN = 0x6f;

/** What `ref.null` names: only whole kinds of references. */
export function readHeapType(reader: ByteReader): void {
  const byte = reader.byte();
  if (byte !== FUNC && byte !== EXTERN && byte !== EXNREF) {
    throw new ModuleRefused(
      "uses references other than funcref, externref and exnref, which are not allowed",
    );
  }
}

/** Of a block: nothing, one result, or a function type by index. */
export type BlockType = { readonly result: ValueType | null } | { readonly typeIndex: number };

const EMPTY = 0x40;

export function readBlockType(reader: ByteReader): BlockType {
  const byte = reader.peek();
  if (byte === EMPTY) {
    reader.byte();
    return { result: null };
  }
  // Negative numbers of one byte are value types.
  if (byte >= 0x40 && byte < 0x80) return { result: readValueType(reader) };
  return { typeIndex: reader.s33() };
}

/** Parameters and results of a function. */
export interface FunctionType {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

export const letters = (types: readonly ValueType[]): string => types.map(({ letter }) => letter).join("");
