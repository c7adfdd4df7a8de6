/** Changes the instructions of a module's functions, without any of the sandbox's own rules. */
import { ByteReader } from "../../server/runtime/prepare/byte-reader.ts";
import { ByteWriter } from "../../server/runtime/prepare/byte-writer.ts";
import {
  readFunction,
  type FunctionBody,
  type Operation,
} from "../../server/runtime/prepare/read-function.ts";
import { SECTION } from "../../server/runtime/prepare/read-module.ts";
import { setItems, type Sections } from "./sections.ts";

type Bytes = readonly number[];

/** What becomes of one instruction: bytes in front of it, in its place, and behind it. */
export interface Edit {
  readonly before?: Bytes;
  readonly instead?: Bytes;
  readonly after?: Bytes;
}

/** Makes the edits of one function, whose own locals come after `parameters` and before the added ones. */
export interface FunctionEditor {
  /** Types of locals to add behind the function's own. */
  readonly locals: Bytes;
  readonly edit: (operation: Operation, firstAddedLocal: number) => Edit | null;
}

function writeBody(
  contents: Uint8Array,
  { locals, operations }: FunctionBody,
  parameters: number,
  editor: FunctionEditor,
): Uint8Array {
  const out = new ByteWriter();
  const types = [...locals.map(({ byte }) => byte), ...editor.locals];
  out.unsigned(types.length);
  for (const type of types) out.push(1, type);
  for (const operation of operations) {
    const edit = editor.edit(operation, parameters + locals.length);
    out.append(edit?.before ?? []);
    out.append(edit?.instead ?? contents.subarray(operation.at, operation.end));
    out.append(edit?.after ?? []);
  }
  const whole = new ByteWriter();
  whole.sized(out.bytes);
  return whole.bytes;
}

/**
 * Rewrites every function; `parameterCount` tells how many parameters the n-th own function has.
 * @throws ModuleRefused for instructions that the sandbox's decoder does not know
 */
export function rewriteCode(
  sections: Sections,
  parameterCount: (own: number) => number,
  editor: FunctionEditor,
): void {
  const contents = sections.get(SECTION.code);
  if (contents === undefined) return;
  const reader = new ByteReader(contents);
  let own = 0;
  const bodies = reader.list(() => {
    const end = reader.u32() + reader.at;
    const body = readFunction(new ByteReader(contents, reader.at, end));
    reader.at = end;
    return writeBody(contents, body, parameterCount(own++), editor);
  });
  setItems(sections, SECTION.code, bodies);
}
