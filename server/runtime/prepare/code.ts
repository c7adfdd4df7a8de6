/** The instructions that preparation writes, as bytes, and the functions it adds. */
import { signed, unsigned } from "./byte-writer.ts";
import { PREFIX } from "./instruction.ts";
import { codeOf } from "./instructions.ts";
import { BULK_SHIFT, CREDIT, GROWTH, PAGE_BYTES } from "./policy.ts";
import type { CanonicalForm } from "./float-plan.ts";

export type Bytes = readonly number[];

/** Where the added things are in the module's index spaces. */
export interface AddedIndices {
  /** Globals: fuel that is left (i64), and whether a growth was refused (i32). */
  readonly fuel: number;
  readonly growth: number;
  /** Functions: charge for bytes, for entries, grow the memory; the tables' follow in order. */
  readonly chargeBytes: number;
  readonly chargeEntries: number;
  readonly growMemory: number;
  readonly growTables: number;
}

export const opcode = (name: string): Bytes => {
  const code = codeOf(name);
  return code < PREFIX ? [code] : [Math.floor(code / PREFIX), ...unsigned(code % PREFIX)];
};

const VOID = 0x40;
const I32 = 0x7f;
const I64 = 0x7e;
const END = 0x0b;

export const getLocal = (index: number): Bytes => [...opcode("local.get"), ...unsigned(index)];
export const setLocal = (index: number): Bytes => [...opcode("local.set"), ...unsigned(index)];
export const teeLocal = (index: number): Bytes => [...opcode("local.tee"), ...unsigned(index)];
const getGlobal = (index: number): Bytes => [...opcode("global.get"), ...unsigned(index)];
const setGlobal = (index: number): Bytes => [...opcode("global.set"), ...unsigned(index)];
export const call = (index: number): Bytes => [...opcode("call"), ...unsigned(index)];
export const branch = (name: "br" | "br_if", depth: number): Bytes => [...opcode(name), ...unsigned(depth)];
/** Opens a construct; without a type it takes and gives nothing. */
export const startBlock = (name: "block" | "loop" | "if", type: Bytes = [VOID]): Bytes => [
  ...opcode(name),
  ...type,
];
const constI32 = (value: number): Bytes => [...opcode("i32.const"), ...signed(BigInt(value))];
const constI64 = (value: bigint): Bytes => [...opcode("i64.const"), ...signed(value)];

/** Stops the program when its fuel is gone, or the host wants it to end. */
export const stopWhenSpent = ({ fuel }: AddedIndices): Bytes => [
  ...getGlobal(fuel),
  ...constI64(0n),
  ...opcode("i64.lt_s"),
  ...[codeOf("if"), VOID, codeOf("unreachable"), END],
];

/** Reads the fuel into a function's own local. */
export const readFuel = ({ fuel }: AddedIndices, local: number): Bytes => [
  ...getGlobal(fuel),
  ...setLocal(local),
];

/** Takes a fixed amount of fuel and leaves what is left in a local; `isKnown` when the local holds it already. */
export const payThrough = (added: AddedIndices, amount: number, local: number, isKnown: boolean): Bytes => [
  ...(isKnown ? getLocal(local) : getGlobal(added.fuel)),
  ...constI64(BigInt(amount)),
  ...opcode("i64.sub"),
  ...teeLocal(local),
  ...setGlobal(added.fuel),
  ...getLocal(local),
  ...constI64(0n),
  ...opcode("i64.lt_s"),
  ...[codeOf("if"), VOID, codeOf("unreachable"), END],
];

/** Takes a fixed amount of fuel. */
const pay = (added: AddedIndices, amount: number): Bytes => [
  ...getGlobal(added.fuel),
  ...constI64(BigInt(amount)),
  ...opcode("i64.sub"),
  ...setGlobal(added.fuel),
  ...stopWhenSpent(added),
];

/** Locals of a function that pays from a credit: the fuel that is left, and where the credit ends (both i64). */
export interface CreditLocals {
  readonly fuel: number;
  readonly end: number;
}

const stopWhenNegative = (added: AddedIndices, fuel: number): Bytes => [
  ...[...getLocal(fuel), ...constI64(0n), ...opcode("i64.lt_s")],
  ...[...startBlock("if"), ...getLocal(fuel), ...setGlobal(added.fuel), codeOf("unreachable"), END],
];

/** Takes a credit out of the fuel, whose local is known: the global keeps a multiple of `CREDIT`. */
export const beginCredit = (added: AddedIndices, { fuel, end }: CreditLocals): Bytes => [
  ...[...getLocal(fuel), ...constI64(BigInt(-CREDIT)), ...opcode("i64.and")],
  ...[...teeLocal(end), ...setGlobal(added.fuel)],
];

/** Gives back what is left of the credit. */
export const giveBack = (added: AddedIndices, { fuel }: CreditLocals): Bytes => [
  ...getLocal(fuel),
  ...setGlobal(added.fuel),
];

const take = (amount: number, { fuel, end }: CreditLocals): Bytes => [
  ...[...getLocal(fuel), ...constI64(BigInt(amount)), ...opcode("i64.sub"), ...teeLocal(fuel)],
  ...[...getLocal(end), ...opcode("i64.lt_s")],
];

/** Takes what an iteration costs, or leaves for the label behind the loop's own when it is more than the credit. */
export const payIteration = (amount: number, locals: CreditLocals): Bytes => [
  ...take(amount, locals),
  ...branch("br_if", 1),
];

/** Takes a new credit for an iteration, which is to pay its amount again. */
export const renew = (added: AddedIndices, amount: number, locals: CreditLocals): Bytes => [
  ...stopWhenNegative(added, locals.fuel),
  ...beginCredit(added, locals),
  ...[...getLocal(locals.fuel), ...constI64(BigInt(amount)), ...opcode("i64.add"), ...setLocal(locals.fuel)],
];

/** Takes an amount in the middle of an iteration. */
export const payFromCredit = (added: AddedIndices, amount: number, locals: CreditLocals): Bytes => [
  ...take(amount, locals),
  ...[...startBlock("if"), ...stopWhenNegative(added, locals.fuel), ...beginCredit(added, locals), END],
];

const NAN_F32: Bytes = [0x00, 0x00, 0xc0, 0x7f];
const NAN_F64: Bytes = [0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf8, 0x7f];

/** The canonical NaN of a form as a constant, and the comparison that is false for NaN only. */
const FORMS: Readonly<Record<CanonicalForm, { nan: Bytes; equal: Bytes; choose: Bytes; type: number }>> = {
  f: {
    nan: [...opcode("f32.const"), ...NAN_F32],
    equal: opcode("f32.eq"),
    choose: opcode("select"),
    type: 0x7d,
  },
  F: {
    nan: [...opcode("f64.const"), ...NAN_F64],
    equal: opcode("f64.eq"),
    choose: opcode("select"),
    type: 0x7c,
  },
  v32: {
    nan: [...opcode("v128.const"), ...NAN_F32, ...NAN_F32, ...NAN_F32, ...NAN_F32],
    equal: opcode("f32x4.eq"),
    choose: opcode("v128.bitselect"),
    type: 0x7b,
  },
  v64: {
    nan: [...opcode("v128.const"), ...NAN_F64, ...NAN_F64],
    equal: opcode("f64x2.eq"),
    choose: opcode("v128.bitselect"),
    type: 0x7b,
  },
};

/** The type of the local that making a form canonical needs, as its byte. */
export const scratchType = (form: CanonicalForm): number => FORMS[form].type;

/** Replaces the NaNs in the value on top of the stack by the canonical one. */
export function canonicalise(form: CanonicalForm, scratch: number): Bytes {
  const { nan, equal, choose } = FORMS[form];
  return [...teeLocal(scratch), ...nan, ...getLocal(scratch), ...getLocal(scratch), ...equal, ...choose];
}

/** A function's body: its locals by type, its instructions, and its end. */
function body(locals: readonly number[], code: Bytes): Bytes {
  const declared = locals.flatMap((type) => [1, type]);
  return [locals.length, ...declared, ...code, END];
}

/** `(n) -> n`: pays for `n >> shift`, read without a sign, before whatever moves that much does. */
export const chargeLength = (added: AddedIndices, shift: number): Bytes =>
  body(
    [],
    [
      ...getGlobal(added.fuel),
      ...getLocal(0),
      ...opcode("i64.extend_i32_u"),
      ...constI64(BigInt(shift)),
      ...opcode("i64.shr_u"),
      ...opcode("i64.sub"),
      ...setGlobal(added.fuel),
      ...stopWhenSpent(added),
      ...getLocal(0),
    ],
  );

/** Of an operand and a size, both read without a sign: is their sum over the cap? */
const isOver = (cap: number, operand: number, size: Bytes): Bytes => [
  ...getLocal(operand),
  ...opcode("i64.extend_i32_u"),
  ...size,
  ...opcode("i64.extend_i32_u"),
  ...opcode("i64.add"),
  ...constI64(BigInt(cap)),
  ...opcode("i64.gt_u"),
];

/** What follows a growth: a refusal within the cap is the host's fault, and stops the program instead of being told. */
const judgeRefusal = ({ growth }: AddedIndices, answer: number, isOverCap: Bytes): Bytes => [
  ...getLocal(answer),
  ...constI32(-1),
  ...opcode("i32.eq"),
  ...[codeOf("if"), VOID],
  ...isOverCap,
  ...[codeOf("if"), VOID],
  ...constI32(GROWTH.refusedByCap),
  ...setGlobal(growth),
  codeOf("else"),
  ...constI32(GROWTH.refusedByHost),
  ...setGlobal(growth),
  ...opcode("unreachable"),
  END,
  END,
  ...getLocal(answer),
];

/**
 * `(pages) -> previous size or -1`: grows the memory. Pages within the cap are paid for; asking for more is refused
 * without work. No page more is answered here: the engine takes as long over it as over a whole new memory.
 */
export function growMemory(added: AddedIndices, capPages: number): Bytes {
  const [pages, answer] = [0, 1];
  const size = [...opcode("memory.size"), 0];
  const fuelPerPage = Math.log2(PAGE_BYTES) - BULK_SHIFT;
  return body(
    [I32],
    [
      ...getLocal(pages),
      ...opcode("i32.eqz"),
      ...[codeOf("if"), VOID],
      ...size,
      ...opcode("return"),
      END,
      ...getLocal(pages),
      ...constI32(capPages),
      ...opcode("i32.le_u"),
      ...[codeOf("if"), VOID],
      ...getGlobal(added.fuel),
      ...getLocal(pages),
      ...opcode("i64.extend_i32_u"),
      ...constI64(BigInt(fuelPerPage)),
      ...opcode("i64.shl"),
      ...opcode("i64.sub"),
      ...setGlobal(added.fuel),
      ...stopWhenSpent(added),
      END,
      ...getLocal(pages),
      ...[...opcode("memory.grow"), 0],
      ...setLocal(answer),
      ...judgeRefusal(added, answer, isOver(capPages, pages, size)),
    ],
  );
}

/** `(reference, entries) -> previous size or -1`: the same for a table. */
export function growTable(added: AddedIndices, table: number, cap: number): Bytes {
  const [reference, entries, answer] = [0, 1, 2];
  const onTable = (name: string): Bytes => [...opcode(name), ...unsigned(table)];
  return body(
    [I32],
    [
      ...getLocal(entries),
      ...constI32(cap),
      ...opcode("i32.le_u"),
      ...[codeOf("if"), VOID],
      ...getLocal(entries),
      ...call(added.chargeEntries),
      ...opcode("drop"),
      END,
      ...getLocal(reference),
      ...getLocal(entries),
      ...onTable("table.grow"),
      ...setLocal(answer),
      ...judgeRefusal(added, answer, isOver(cap, entries, onTable("table.size"))),
    ],
  );
}

/** `() -> ()`: pays for what instantiation did, then runs the start function and the program. */
export const runAll = (added: AddedIndices, amount: number, functions: readonly number[]): Bytes =>
  body([], [...pay(added, amount), ...functions.flatMap(call)]);

/** Globals that preparation adds: type, mutability, initial value. The module's own code cannot name them. */
export const FUEL_GLOBAL: Bytes = [I64, 1, ...constI64(0n), END];
export const GROWTH_GLOBAL: Bytes = [I32, 1, ...constI32(0), END];
export const keptGlobal = (bytes: number): Bytes => [I32, 0, ...constI32(bytes), END];
