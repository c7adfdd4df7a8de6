/**
 * The same program, made deterministic in the plainest way: every NaN is made canonical where arithmetic gives it, as
 * in the specification's deterministic profile, and every instruction is counted where it is executed. What preparation
 * makes of the program must give the same bits, and must have been paid at least what is counted here.
 */
import type { Operation } from "../../server/runtime/prepare/read-function.ts";
import { SECTION, typeAt, type ModuleShape } from "../../server/runtime/prepare/read-module.ts";
import { ByteWriter } from "../../server/runtime/prepare/byte-writer.ts";
import { rewriteCode, type Edit } from "./rewrite-code.ts";
import { appendItems, EXPORT_KIND, exportItem, joinModule, splitModule } from "./sections.ts";

/** Exports: what all executed instructions cost, and how often arithmetic gave a NaN. */
export const COUNTS = { cost: "fuzz:cost", nans: "fuzz:nans" } as const;

const leb = (value: number): number[] => {
  const out = new ByteWriter(8);
  out.unsigned(value);
  return [...out.bytes];
};

const [I32, I64, V128, F32, F64] = [0x7f, 0x7e, 0x7b, 0x7d, 0x7c];
const [IF, VOID, END] = [0x04, 0x40, 0x0b];
const get = (local: number): number[] => [0x20, ...leb(local)];
const set = (local: number): number[] => [0x21, ...leb(local)];

/** Adds a small number to a global. */
const addTo = (global: number, amount: number): number[] => [
  ...[0x23, ...leb(global)],
  // A signed number: bit 6 of the last byte is its sign, so numbers from 64 on take another byte.
  ...[0x42, ...(amount < 64 ? [amount] : [(amount & 0x7f) | 0x80, amount >> 7])],
  ...[0x7c, 0x24, ...leb(global)],
];

const NAN_32 = [0x00, 0x00, 0xc0, 0x7f];
const NAN_64 = [0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf8, 0x7f];

interface Form {
  readonly type: number;
  readonly nan: readonly number[];
  readonly differs: readonly number[];
}

const FORMS = {
  f32: { type: F32, nan: [0x43, ...NAN_32], differs: [0x5c] },
  f64: { type: F64, nan: [0x44, ...NAN_64], differs: [0x62] },
  f32x4: { type: V128, nan: [0xfd, 0x0c, ...NAN_32, ...NAN_32, ...NAN_32, ...NAN_32], differs: [0xfd, 0x42] },
  f64x2: { type: V128, nan: [0xfd, 0x0c, ...NAN_64, ...NAN_64], differs: [0xfd, 0x48] },
} as const satisfies Record<string, Form>;

/** Instructions whose NaNs may have any bits: the specification's list, written down again on purpose. */
const ARITHMETIC =
  /^(f32|f64|f32x4|f64x2)\.(add|sub|mul|div|min|max|sqrt|ceil|floor|trunc|nearest|demote\w*|promote\w*)$/;

function formOf(name: string): Form | null {
  const type = ARITHMETIC.exec(name)?.[1];
  return type === undefined ? null : FORMS[type as keyof typeof FORMS];
}

const LOCALS = [F32, F64, V128, I32];

/** How much bulk operations move, their last operand, as a part of their cost: eight bytes or one entry for one unit. */
const BULK_SHIFTS: Readonly<Record<string, number>> = {
  "memory.init": 3,
  "memory.copy": 3,
  "memory.fill": 3,
  "table.init": 0,
  "table.copy": 0,
  "table.fill": 0,
};

/** In front of a bulk operation: what it moves is counted, also when it traps. */
function countLength(shift: number, firstLocal: number, cost: number): number[] {
  const length = firstLocal + LOCALS.indexOf(I32);
  const units = [...get(length), 0xad, 0x42, shift, 0x88];
  return [...set(length), ...[0x23, ...leb(cost)], ...units, ...[0x7c, 0x24, ...leb(cost)], ...get(length)];
}

/** Behind an arithmetic instruction: a NaN is counted and replaced. */
function canonical({ type, nan, differs }: Form, firstLocal: number, nans: number): number[] {
  const local = firstLocal + LOCALS.indexOf(type);
  const isNan = [...get(local), ...get(local), ...differs];
  if (type !== V128) {
    const replace = [...addTo(nans, 1), ...nan, ...set(local)];
    return [...set(local), ...isNan, IF, VOID, ...replace, END, ...get(local)];
  }
  const [anyTrue, bitselect] = [
    [0xfd, 0x53],
    [0xfd, 0x52],
  ];
  const replace = [...addTo(nans, 1), ...nan, ...get(local), ...isNan, ...bitselect, ...set(local)];
  return [...set(local), ...isNan, ...anyTrue, IF, VOID, ...replace, END, ...get(local)];
}

/** Not executed where they stand. */
const STRUCTURE = /^(block|loop|try|try_table|else|end|catch|catch_all|delegate|nop)$/;

function edit({ instruction: { name, weight } }: Operation, shape: ModuleShape, firstLocal: number): Edit {
  const [cost, nans] = [shape.globals.length, shape.globals.length + 1];
  const [form, shift] = [formOf(name), BULK_SHIFTS[name]];
  const own = weight === 0 || STRUCTURE.test(name) ? [] : addTo(cost, weight);
  return {
    before: shift === undefined ? own : [...own, ...countLength(shift, firstLocal, cost)],
    after: form === null ? [] : canonical(form, firstLocal, nans),
  };
}

/** Rewrites a module that the sandbox's decoder takes. */
export function makeReference(shape: ModuleShape): Uint8Array<ArrayBuffer> {
  const sections = splitModule(shape.bytes);
  const parameters = (own: number) => typeAt(shape, shape.functions[own]).parameters.length;
  rewriteCode(sections, parameters, {
    locals: LOCALS,
    edit: (operation, firstLocal) => edit(operation, shape, firstLocal),
  });
  const counter = [I64, 1, 0x42, 0, END];
  appendItems(sections, SECTION.global, [counter, counter]);
  appendItems(sections, SECTION.export, [
    exportItem(COUNTS.cost, EXPORT_KIND.global, shape.globals.length),
    exportItem(COUNTS.nans, EXPORT_KIND.global, shape.globals.length + 1),
  ]);
  return joinModule(sections);
}
