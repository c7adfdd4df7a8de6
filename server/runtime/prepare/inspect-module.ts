/** What a maker wants to know of a module before publishing it: what it needs and what it costs. */
import { z } from "zod";
import { planCharges } from "./charge-plan.ts";
import type { FunctionBody } from "./read-function.ts";
import { readBodies } from "./read-bodies.ts";
import { readModule, type ModuleShape } from "./read-module.ts";

/** How one function pays. */
const functionFuel = z.object({
  /** Over imports and own functions, as in the module's own index space. */
  index: z.number(),
  exportedAs: z.string().nullable(),
  bytes: z.number(),
  instructions: z.number(),
  /** Paid whenever it is entered, and the most that one loop's iteration or one arm pays. */
  atEntry: z.number(),
  places: z.number(),
  dearest: z.number(),
});
export type FunctionFuel = z.output<typeof functionFuel>;

/** What a module has and uses. */
export const moduleDetails = z.object({
  imports: z.array(z.string()),
  exports: z.array(z.string()),
  memoryPages: z.object({ initial: z.number(), maximum: z.number().nullable() }).nullable(),
  tableEntries: z.number(),
  globals: z.number(),
  dataBytes: z.number(),
  features: z.array(z.string()),
  functions: z.array(functionFuel),
});
export type ModuleDetails = z.output<typeof moduleDetails>;

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

/** Looks at a module that V8 has found valid. @throws ModuleRefused when it cannot be read */
export function inspectModule(bytes: Uint8Array): ModuleDetails {
  const shape = readModule(bytes);
  const bodies = readBodies(shape);
  return {
    imports: shape.imports.map(({ module, name }) => `${module}.${name}`),
    exports: shape.exports.map(({ name }) => name),
    memoryPages: shape.memory,
    tableEntries: shape.tables.reduce((sum, { initial }) => sum + initial, 0),
    globals: shape.globals.length,
    dataBytes: shape.activeBytes,
    features: featuresOf(shape, bodies),
    functions: bodies.map((body, own) => fuelOf(shape, body, own)),
  };
}
