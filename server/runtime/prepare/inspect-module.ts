/** What a maker wants to know of a module before publishing it: what it needs, what it costs, why it would be refused. */
import { ModuleRefused } from "../types.ts";
import { planCharges } from "./charge-plan.ts";
import type { FunctionBody } from "./read-function.ts";
import { readBodies } from "./read-bodies.ts";
import { readModule, type ModuleShape } from "./read-module.ts";
import { prepareModule, type PreparePolicy } from "./prepare-module.ts";

/** How one function pays. */
export interface FunctionFuel {
  /** Over imports and own functions, as in the module's own index space. */
  readonly index: number;
  readonly exportedAs: string | null;
  readonly bytes: number;
  readonly instructions: number;
  /** Paid whenever it is entered, and the most that one loop's iteration or one arm pays. */
  readonly atEntry: number;
  readonly places: number;
  readonly dearest: number;
}

export interface Inspection {
  readonly bytes: number;
  /** Null when the module would be refused. */
  readonly preparedBytes: number | null;
  readonly refusedBecause: string | null;
  readonly imports: readonly string[];
  readonly exports: readonly string[];
  readonly memoryPages: { readonly initial: number; readonly maximum: number | null } | null;
  readonly tableEntries: number;
  readonly globals: number;
  readonly dataBytes: number;
  readonly features: readonly string[];
  readonly functions: readonly FunctionFuel[];
}

const FEATURES: readonly (readonly [RegExp, string])[] = [
  [/^(v128|[if]\d+x\d+)\./, "SIMD"],
  [/^(memory|table)\.(copy|fill|init)$|\.drop$/, "bulk memory"],
  [/^(ref\.|table\.(get|set|grow|size))/, "reference types"],
  [/^return_call/, "tail calls"],
  [/^(try|catch|catch_all|rethrow|delegate)$/, "exceptions (legacy)"],
  [/^(try_table|throw_ref)$/, "exceptions"],
  [/extend(8|16|32)_s$/, "sign extension"],
  [/trunc_sat/, "saturating conversions"],
];

function featuresOf(shape: ModuleShape, bodies: readonly FunctionBody[]): string[] {
  const names = new Set(
    bodies.flatMap(({ operations }) => operations.map(({ instruction }) => instruction.name)),
  );
  const used = FEATURES.filter(([pattern]) => [...names].some((name) => pattern.test(name))).map(
    ([, name]) => name,
  );
  const hasMany = shape.types.some(({ results }) => results.length > 1);
  return hasMany ? [...used, "multi-value"] : used;
}

function fuelOf(shape: ModuleShape, { operations, size }: FunctionBody, own: number): FunctionFuel {
  const charges = planCharges(operations);
  const index = shape.imports.length + own;
  const exported = shape.exports.find((entry) => entry.kind === "function" && entry.index === index);
  return {
    index,
    exportedAs: exported?.name ?? null,
    bytes: size,
    instructions: operations.length,
    atEntry: charges.get(0) ?? 0,
    places: charges.size,
    dearest: Math.max(...charges.values()),
  };
}

function refusalOf(
  bytes: Uint8Array,
  policy: PreparePolicy,
): { preparedBytes: number | null; refusedBecause: string | null } {
  try {
    return { preparedBytes: prepareModule(bytes, policy).prepared.length, refusedBecause: null };
  } catch (error) {
    if (!(error instanceof ModuleRefused)) throw error;
    return { preparedBytes: null, refusedBecause: error.message };
  }
}

const NOTHING_READ = {
  imports: [],
  exports: [],
  memoryPages: null,
  tableEntries: 0,
  globals: 0,
  dataBytes: 0,
  features: [],
  functions: [],
};

/** Looks at a module; of one that cannot be read, only says why. Compiling it is not tried here. */
export function inspectModule(bytes: Uint8Array, policy: PreparePolicy): Inspection {
  const verdict = { bytes: bytes.length, ...refusalOf(bytes, policy) };
  try {
    const shape = readModule(bytes);
    const bodies = readBodies(shape);
    return {
      ...verdict,
      imports: shape.imports.map(({ module, name }) => `${module}.${name}`),
      exports: shape.exports.map(({ name }) => name),
      memoryPages: shape.memory,
      tableEntries: shape.tables.reduce((sum, { initial }) => sum + initial, 0),
      globals: shape.globals.length,
      dataBytes: shape.activeBytes,
      features: featuresOf(shape, bodies),
      functions: bodies.map((body, own) => fuelOf(shape, body, own)),
    };
  } catch (error) {
    if (!(error instanceof ModuleRefused)) throw error;
    return { ...verdict, ...NOTHING_READ };
  }
}
