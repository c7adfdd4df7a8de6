import { ByteReader } from "./byte-reader.ts";
import { readFunction, type FunctionBody } from "./read-function.ts";
import { SECTION, type ModuleShape } from "./read-module.ts";

/** Reads the code of the own functions, in their order. @throws ModuleRefused */
export function readBodies(shape: ModuleShape): FunctionBody[] {
  const contents = shape.sections.get(SECTION.code);
  if (contents === undefined) return [];
  const start = contents.byteOffset - shape.bytes.byteOffset;
  const reader = new ByteReader(shape.bytes, start, start + contents.length);
  return reader.list(() => {
    const size = reader.u32();
    const end = reader.at + size;
    const body = readFunction(new ByteReader(shape.bytes, reader.at, end));
    reader.take(size);
    return body;
  });
}
