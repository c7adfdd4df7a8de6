/** Writes the module anew: its own sections with what preparation adds, and every function rewritten. */
import { ModuleRefused } from "../types.ts";
import { ByteReader } from "./byte-reader.ts";
import { letCallersPay } from "./caller-pays.ts";
import { planCharges, type ChargePlan } from "./charge-plan.ts";
import { ByteWriter } from "./byte-writer.ts";
import {
  chargeLength,
  FUEL_GLOBAL,
  growMemory,
  growTable,
  GROWTH_GLOBAL,
  keptGlobal,
  runAll,
  type AddedIndices,
} from "./code.ts";
import { BOUNDS, BULK_SHIFT, NAMES, PAGE_BYTES } from "./policy.ts";
import type { FunctionBody } from "./read-function.ts";
import { readBodies } from "./read-bodies.ts";
import { SECTION, typeAt, type ModuleShape } from "./read-module.ts";
import { writeFunction, type Rules } from "./write-function.ts";

/** The most a module may reach, in its own declarations from now on. */
export interface Caps {
  readonly memoryPages: number;
  readonly tableEntries: readonly number[];
}

/** Instantiating costs as if the program had done it. */
const ENTRY_FUEL = 1;

/** A function that preparation adds. */
interface AddedFunction {
  readonly parameters: readonly number[];
  readonly results: readonly number[];
  readonly body: readonly number[];
}

const I32 = 0x7f;

/** What keeps an instance from being restored: a change that nobody can undo. */
const CHANGES_FOR_GOOD = new Set([
  "table.set",
  "table.grow",
  "table.fill",
  "table.copy",
  "table.init",
  "elem.drop",
  "data.drop",
]);

/**
 * Can a used instance be put back as it was? Its memory can be written over, and globals of integers be set again
 * without loss. Floats could lose the bits of a NaN on the way through JavaScript.
 */
function isRestorable({ globals }: ModuleShape, bodies: readonly FunctionBody[]): boolean {
  const hasOtherGlobals = globals.some(
    ({ isMutable, type }) => isMutable && type.letter !== "i" && type.letter !== "I",
  );
  const hasLastingChange = bodies.some(({ operations }) =>
    operations.some(({ instruction }) => CHANGES_FOR_GOOD.has(instruction.name)),
  );
  return !hasOtherGlobals && !hasLastingChange;
}

/** Measured: an instance with its host, an entry of a table, the object that an export or a global is to JavaScript. */
const KEPT = { instanceBytes: 20_480, entryBytes: 32, objectBytes: 384, perModuleByte: 4 };

/** About what an instance takes beside its memory while it waits for its next run, with the module that it keeps. */
function keptBytes({ tables, exports, globals, sections }: ModuleShape): number {
  const entries = tables.reduce((total, { initial }) => total + initial, 0);
  const objects = exports.length + globals.length;
  const bytes = [...sections.values()].reduce((total, { length }) => total + length, 0);
  const own = KEPT.instanceBytes + bytes * KEPT.perModuleByte;
  return own + entries * KEPT.entryBytes + objects * KEPT.objectBytes;
}

function plannedIndices(shape: ModuleShape): AddedIndices {
  const functions = shape.imports.length + shape.functions.length;
  return {
    fuel: shape.globals.length,
    growth: shape.globals.length + 1,
    chargeBytes: functions,
    chargeEntries: functions + 1,
    growMemory: functions + 2,
    growTables: functions + 3,
  };
}

/** The added functions, in the order of `plannedIndices`; the one that runs all is the last. */
function addedFunctions(shape: ModuleShape, caps: Caps, added: AddedIndices): AddedFunction[] {
  const oneToOne = { parameters: [I32], results: [I32] };
  const { initial = 0 } = shape.memory ?? {};
  const entries = shape.tables.reduce((total, table) => total + table.initial, 0) + shape.activeEntries;
  const bytes = initial * PAGE_BYTES + shape.activeBytes;
  const started = Math.ceil(bytes / 2 ** BULK_SHIFT) + entries * ENTRY_FUEL;
  const program = shape.exports.find(({ name, kind }) => name === "_start" && kind === "function");
  const run = [shape.start, program?.index ?? null].filter((index) => index !== null);
  // Without a memory nobody calls the function that grows it, but its index must be taken by something valid.
  const growing = shape.memory === null ? chargeLength(added, 0) : growMemory(added, caps.memoryPages);
  return [
    { ...oneToOne, body: chargeLength(added, BULK_SHIFT) },
    { ...oneToOne, body: chargeLength(added, 0) },
    { ...oneToOne, body: growing },
    ...shape.tables.map(({ type }, i) => ({
      parameters: [type.byte, I32],
      results: [I32],
      body: growTable(added, i, caps.tableEntries[i] ?? 0),
    })),
    { parameters: [], results: [], body: runAll(added, started, run) },
  ];
}

const FUNCTION_FORM = 0x60;
const EXPORT_KIND = { function: 0, global: 3 } as const;
const WITH_MAXIMUM = 1;

/** A section's own contents behind a new count, and what is added to them. */
function extended(
  out: ByteWriter,
  contents: Uint8Array | undefined,
  more: readonly ArrayLike<number>[],
): void {
  const reader = contents === undefined ? null : new ByteReader(contents);
  const count = reader?.u32() ?? 0;
  out.unsigned(count + more.length);
  if (contents !== undefined && reader !== null) out.append(contents.subarray(reader.at));
  for (const item of more) out.append(item);
}

function exportOf(name: string, kind: keyof typeof EXPORT_KIND, index: number): Uint8Array {
  const out = new ByteWriter(64);
  out.sized(Buffer.from(name));
  out.push(EXPORT_KIND[kind]);
  out.unsigned(index);
  return out.bytes;
}

/** Writes a section when it has contents. */
function section(out: ByteWriter, id: number, fill: (contents: ByteWriter) => void): void {
  const contents = new ByteWriter();
  fill(contents);
  if (contents.length === 0) return;
  out.push(id);
  out.sized(contents.bytes);
}

function typeOf({ parameters, results }: AddedFunction): Uint8Array {
  const out = new ByteWriter(16);
  out.push(FUNCTION_FORM);
  out.sized(parameters);
  out.sized(results);
  return out.bytes;
}

function indexBytes(value: number): Uint8Array {
  const out = new ByteWriter(8);
  out.unsigned(value);
  return out.bytes;
}

function sizedBody(body: readonly number[]): Uint8Array {
  const out = new ByteWriter(body.length + 8);
  out.sized(body);
  return out.bytes;
}

const NO_CHARGES: ChargePlan = new Map();
const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** Gives the bytes of the prepared module. @throws ModuleRefused for code that is not allowed */
export function writeModule(shape: ModuleShape, caps: Caps, rules: Rules): Uint8Array {
  const { sections } = shape;
  const bodies = readBodies(shape);
  if (bodies.length !== shape.functions.length) throw new ModuleRefused("has functions without code");
  const added = plannedIndices(shape);
  const helpers = addedFunctions(shape, caps, added);
  const charges = rules.hasFuel
    ? letCallersPay(
        shape,
        bodies,
        bodies.map(({ operations }) => planCharges(operations)),
      )
    : [];
  const restorable = isRestorable(shape, bodies);
  const whole = new ByteWriter(shape.bytes.length * 2);
  const copy = (id: number) =>
    section(whole, id, (out) => {
      out.append(sections.get(id) ?? []);
    });

  whole.append(HEADER);
  section(whole, SECTION.type, (out) => extended(out, sections.get(SECTION.type), helpers.map(typeOf)));
  copy(SECTION.import);
  section(whole, SECTION.function, (out) => {
    const indices = helpers.map((_helper, i) => indexBytes(shape.types.length + i));
    extended(out, sections.get(SECTION.function), indices);
  });
  section(whole, SECTION.table, (out) => {
    if (shape.tables.length === 0) return;
    out.unsigned(shape.tables.length);
    shape.tables.forEach(({ type, initial }, i) => {
      out.push(type.byte, WITH_MAXIMUM);
      out.unsigned(initial);
      out.unsigned(caps.tableEntries[i] ?? initial);
    });
  });
  section(whole, SECTION.memory, (out) => {
    if (shape.memory === null) return;
    out.push(1, WITH_MAXIMUM);
    out.unsigned(shape.memory.initial);
    out.unsigned(caps.memoryPages);
  });
  copy(SECTION.tag);
  section(whole, SECTION.global, (out) =>
    extended(out, sections.get(SECTION.global), [
      FUEL_GLOBAL,
      GROWTH_GLOBAL,
      keptGlobal(restorable ? keptBytes(shape) : 0),
    ]),
  );
  section(whole, SECTION.export, (out) => {
    const own = [
      exportOf(NAMES.fuel, "global", added.fuel),
      exportOf(NAMES.growth, "global", added.growth),
      exportOf(NAMES.kept, "global", added.growth + 1),
      exportOf(NAMES.run, "function", added.growTables + shape.tables.length),
    ];
    const kept = restorable
      ? shape.globals.flatMap(({ isMutable }, i) =>
          isMutable ? [exportOf(`${NAMES.global}${i}`, "global", i)] : [],
        )
      : [];
    extended(out, sections.get(SECTION.export), [...own, ...kept]);
  });
  copy(SECTION.element);
  copy(SECTION.dataCount);
  section(whole, SECTION.code, (out) => {
    out.unsigned(bodies.length + helpers.length);
    bodies.forEach((body, i) => {
      const type = typeAt(shape, shape.functions[i]);
      const written = writeFunction(shape, type, body, charges[i] ?? NO_CHARGES, added, rules);
      if (written.length > BOUNDS.preparedBodyBytes) {
        throw new ModuleRefused(
          `has a function of ${body.size} bytes that becomes too large when it is prepared`,
        );
      }
      out.append(written);
    });
    for (const { body } of helpers) out.append(sizedBody(body));
  });
  copy(SECTION.data);
  if (whole.length > shape.bytes.length * BOUNDS.growthFactor + BOUNDS.growthBytes) {
    throw new ModuleRefused("grows beyond measure when it is prepared");
  }
  return whole.bytes;
}
