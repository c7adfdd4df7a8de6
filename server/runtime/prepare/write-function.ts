/** Writes one function anew: its own instructions as they were, with payments, stops and canonical NaNs between them. */
import { ByteWriter } from "./byte-writer.ts";
import { planCharges } from "./charge-plan.ts";
import {
  call,
  canonicalise,
  payThrough,
  readFuel,
  scratchType,
  stopWhenSpent,
  type AddedIndices,
} from "./code.ts";
import { planFuelCache } from "./fuel-cache.ts";
import { planFloats, type CanonicalForm } from "./float-plan.ts";
import type { FunctionBody, Operation } from "./read-function.ts";
import type { ModuleShape } from "./read-module.ts";
import type { FunctionType } from "./value-types.ts";

/** Operations that move as much as their last operand says, and what counts it. */
const MOVES_BYTES = new Set(["memory.init", "memory.copy", "memory.fill"]);
const MOVES_ENTRIES = new Set(["table.init", "table.copy", "table.fill"]);

/** A part of the rules that can be left out, to measure what it costs. */
export interface Rules {
  readonly hasFuel: boolean;
  readonly hasFloats: boolean;
}

export const ALL_RULES: Rules = { hasFuel: true, hasFloats: true };

const FUEL_TYPE = 0x7e;

/** Locals for making NaNs canonical, one for each type that is needed, behind the function's own. */
function scratchLocals(forms: Iterable<CanonicalForm>, firstIndex: number): Map<number, number> {
  const types = [...new Set([...forms].map(scratchType))];
  return new Map(types.map((type, i) => [type, firstIndex + i]));
}

function replaced({ instruction, index }: Operation, added: AddedIndices): readonly number[] | null {
  if (instruction.name === "memory.grow") return call(added.growMemory);
  if (instruction.name === "table.grow") return call(added.growTables + index);
  return null;
}

/** Gives the body, with its size in front, as it stands in the code section. */
export function writeFunction(
  shape: ModuleShape,
  type: FunctionType,
  body: FunctionBody,
  added: AddedIndices,
  rules: Rules,
): Uint8Array {
  const { bytes } = shape;
  const { operations } = body;
  const charges = rules.hasFuel ? planCharges(operations) : new Map<number, number>();
  const floats = rules.hasFloats ? planFloats(shape, type, body) : new Map<number, CanonicalForm>();
  const cache = planFuelCache(operations, (i) => charges.has(i));
  // Behind the function's own locals: the fuel, then what canonical NaNs need.
  const fuelLocal = type.parameters.length + body.locals.length;
  const scratch = scratchLocals(floats.values(), fuelLocal + 1);

  const code = new ByteWriter(body.size * 2);
  let copied = body.codeStart;
  const copyUpTo = (offset: number) => {
    code.append(bytes.subarray(copied, offset));
    copied = offset;
  };
  operations.forEach((operation, i) => {
    const { instruction, at, end, index } = operation;
    const amount = charges.get(i);
    if (amount !== undefined) {
      copyUpTo(at);
      code.append(payThrough(added, amount, fuelLocal, cache.known.has(i)));
    }
    if (rules.hasFuel && cache.readBefore.has(i)) {
      copyUpTo(at);
      code.append(readFuel(added, fuelLocal));
    }
    const replacement = replaced(operation, added);
    if (replacement !== null) {
      copyUpTo(at);
      code.append(replacement);
      copied = end;
    } else if (MOVES_BYTES.has(instruction.name) || MOVES_ENTRIES.has(instruction.name)) {
      copyUpTo(at);
      code.append(call(MOVES_BYTES.has(instruction.name) ? added.chargeBytes : added.chargeEntries));
    }
    if (instruction.name === "call" && index < shape.imports.length) {
      copyUpTo(end);
      code.append(stopWhenSpent(added));
    }
    const form = floats.get(i);
    if (form !== undefined) {
      copyUpTo(end);
      code.append(canonicalise(form, scratch.get(scratchType(form)) ?? 0));
    }
  });
  copyUpTo(operations.at(-1)?.end ?? copied);

  const locals = new ByteWriter(64);
  writeLocals(locals, body, [FUEL_TYPE, ...scratch.keys()]);
  const whole = new ByteWriter(locals.length + code.length + 8);
  whole.unsigned(locals.length + code.length);
  whole.append(locals.bytes);
  whole.append(code.bytes);
  return whole.bytes;
}

/** Declares the function's own locals in runs of one type, then the added ones. */
function writeLocals(out: ByteWriter, { locals }: FunctionBody, more: readonly number[]): void {
  const groups: [count: number, type: number][] = [];
  for (const { byte } of locals) {
    const last = groups[groups.length - 1];
    if (last !== undefined && last[1] === byte) last[0] += 1;
    else groups.push([1, byte]);
  }
  for (const type of more) groups.push([1, type]);
  out.unsigned(groups.length);
  for (const [count, type] of groups) {
    out.unsigned(count);
    out.push(type);
  }
}
