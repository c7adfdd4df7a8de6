/** Writes one function anew: its own instructions as they were, with payments, stops and canonical NaNs between them. */
import { ByteWriter } from "./byte-writer.ts";
import type { ChargePlan } from "./charge-plan.ts";
import {
  call,
  canonicalise,
  payThrough,
  readFuel,
  scratchType,
  stopWhenSpent,
  type AddedIndices,
} from "./code.ts";
import { NO_CREDIT, planCredit } from "./credit-plan.ts";
import { CreditWriter } from "./write-credit.ts";
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

const I32 = 0x7f;
const FUEL_TYPE = 0x7e;
/** Where the credit ends, and what a branch chooses by. */
const CREDIT_TYPES = [FUEL_TYPE, I32];

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
  charges: ChargePlan,
  added: AddedIndices,
  rules: Rules,
): Uint8Array {
  const { bytes } = shape;
  const { operations } = body;
  const floats = rules.hasFloats ? planFloats(shape, type, body) : new Map<number, CanonicalForm>();
  const cache = planFuelCache(operations, (i) => charges.has(i));
  const credit = rules.hasFuel ? planCredit(shape, type, operations) : NO_CREDIT;
  // Behind the function's own locals: the fuel, what loops with a credit need, then what canonical NaNs need.
  const fuelLocal = type.parameters.length + body.locals.length;
  const own = [FUEL_TYPE, ...(credit.begins.size > 0 ? CREDIT_TYPES : [])];
  const scratch = scratchLocals(floats.values(), fuelLocal + own.length);
  const loops = new CreditWriter(bytes, credit, added, {
    fuel: fuelLocal,
    end: fuelLocal + 1,
    choice: fuelLocal + 2,
  });

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
      code.append(loops.pay(amount) ?? payThrough(added, amount, fuelLocal, cache.known.has(i)));
    }
    if (rules.hasFuel && cache.readBefore.has(i)) {
      copyUpTo(at);
      code.append(readFuel(added, fuelLocal));
    }
    const { before, instead, after } = loops.step(operation, i);
    if (before.length > 0) {
      copyUpTo(at);
      code.append(before);
    }
    const replacement = replaced(operation, added) ?? instead;
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
    if (after.length > 0) {
      copyUpTo(end);
      code.append(after);
    }
    const form = floats.get(i);
    if (form !== undefined) {
      copyUpTo(end);
      code.append(canonicalise(form, scratch.get(scratchType(form)) ?? 0));
    }
  });
  copyUpTo(operations.at(-1)?.end ?? copied);

  const locals = new ByteWriter(64);
  writeLocals(locals, body, [...own, ...scratch.keys()]);
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
