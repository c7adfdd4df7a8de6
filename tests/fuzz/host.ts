/** What generated modules import from `fuzzing-support`: logs, exceptions, and calls back into the module. */
import { readWat } from "../conformance/read-wat.ts";
import { typeOfFunction, type ModuleShape } from "../../server/runtime/prepare/read-module.ts";
import { NAMES } from "../../server/runtime/prepare/policy.ts";
import { describe } from "./describe.ts";
import { COUNTS } from "./reference.ts";

/** One run's side of the host. `exports` are there once the module's start function is through. */
export interface HostContext {
  readonly shape: ModuleShape;
  readonly lines: string[];
  /** What had been paid or counted when each line was written. */
  readonly meter: bigint[];
  exports: WebAssembly.Exports | null;
  /** How often the module may still call itself through the host, which could go on for ever. */
  callsLeft: number;
  /** The host caught a stack's end, so how deep the stack is shows in what follows. */
  hasCaughtStack: boolean;
}

/** Writes down what happened, and what the program had used by then. */
export function write(context: HostContext, line: string): void {
  context.lines.push(line);
  context.meter.push(used(context.exports));
}

/** What a program has used: by the reference's count, or what is missing of a prepared module's fuel. */
function used(exports: WebAssembly.Exports | null): bigint {
  const [cost, fuel] = [exports?.[COUNTS.cost], exports?.[NAMES.fuel]];
  if (cost instanceof WebAssembly.Global) return cost.value as bigint;
  return fuel instanceof WebAssembly.Global ? -(fuel.value as bigint) : 0n;
}

export const createContext = (shape: ModuleShape): HostContext => ({
  shape,
  lines: [],
  meter: [],
  exports: null,
  callsLeft: 50,
  hasCaughtStack: false,
});

/** Values are logged as bits: JavaScript's numbers would lose those of a NaN. */
const LOGS = new WebAssembly.Module(
  readWat(`(module
    (import "js" "i32" (func $i32 (param i32)))
    (import "js" "i64" (func $i64 (param i64)))
    (import "js" "f32" (func $f32 (param i32)))
    (import "js" "f64" (func $f64 (param i64)))
    (import "js" "v128" (func $v128 (param i64 i64)))
    (func (export "log-i32") (param i32) local.get 0 call $i32)
    (func (export "log-i64") (param i64) local.get 0 call $i64)
    (func (export "log-f32") (param f32) local.get 0 i32.reinterpret_f32 call $f32)
    (func (export "log-f64") (param f64) local.get 0 i64.reinterpret_f64 call $f64)
    (func (export "log-v128") (param v128)
      local.get 0 i64x2.extract_lane 0 local.get 0 i64x2.extract_lane 1 call $v128))`),
);

const ZEROS: Readonly<Record<string, unknown>> = { i: 0, I: 0n, f: 0, F: 0, r: null };

class FuzzError extends Error {
  override readonly name = "FuzzError";
}

/** Calls a function of the module with zeros. V8 throws when it takes or gives vectors or exceptions. */
function callWithZeros(context: HostContext, target: unknown): void {
  if (typeof target !== "function") throw new FuzzError("nothing to call");
  context.callsLeft -= 1;
  if (context.callsLeft < 0) throw new FuzzError("too many calls");
  const index = Number(target.name);
  const { imports, functions } = context.shape;
  // Functions of the host have names or numbers of their own; only the module's have types that are known.
  const isOwn =
    Number.isInteger(index) && index >= imports.length && index < imports.length + functions.length;
  if (!isOwn || hostFunctions.has(target)) throw new FuzzError("a function of the host");
  const { parameters } = typeOfFunction(context.shape, index);
  Reflect.apply(
    target,
    undefined,
    parameters.map(({ letter }) => ZEROS[letter]),
  );
}

const hostFunctions = new WeakSet<object>();

/** Calls and tells whether that failed. */
function didThrow(context: HostContext, target: unknown): number {
  try {
    callWithZeros(context, target);
    return 0;
  } catch (error) {
    context.hasCaughtStack ||= error instanceof RangeError;
    return 1;
  }
}

function throwing(context: HostContext, which: number): never {
  const tag = context.exports?.["wasmtag"];
  if (which !== 0 && tag instanceof WebAssembly.Tag) throw new WebAssembly.Exception(tag, [which]);
  throw new FuzzError("thrown by the host");
}

/** The host functions by name. */
export function fuzzingSupport(context: HostContext): Readonly<Record<string, WebAssembly.ExportValue>> {
  const log = (...bits: (number | bigint)[]): void => {
    write(context, `log ${bits.map(describe).join(" ")}`);
  };
  const js = { i32: log, i64: log, f32: log, f64: log, v128: log };
  const logs = new WebAssembly.Instance(LOGS, { js }).exports;
  for (const one of Object.values(logs)) hostFunctions.add(one);

  const names = context.shape.exports.filter(({ kind }) => kind === "function").map(({ name }) => name);
  const exported = (index: number) => context.exports?.[names[(index >>> 0) % names.length] ?? ""];
  const table = (): WebAssembly.Table => {
    const found = context.exports?.["table"];
    if (found instanceof WebAssembly.Table) return found;
    throw new FuzzError("no table");
  };
  return {
    ...logs,
    throw: (which: number) => throwing(context, which),
    "call-export": (index: number) => callWithZeros(context, exported(index)),
    "call-export-catch": (index: number) => didThrow(context, exported(index)),
    "call-ref": (target: unknown) => callWithZeros(context, target),
    "call-ref-catch": (target: unknown) => didThrow(context, target),
    "table-get": (index: number): unknown => table().get(index >>> 0),
    "table-set": (index: number, value: unknown) => table().set(index >>> 0, value),
    sleep: (_ms: number, id: number) => id,
  };
}
