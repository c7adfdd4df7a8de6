/** Runs all of a module's exported functions and writes down everything that can be seen of it. */
import { createHash } from "node:crypto";
import { NAMES } from "../../server/runtime/prepare/policy.ts";
import { typeOfFunction, type ModuleShape } from "../../server/runtime/prepare/read-module.ts";
import { invoke, readGlobal } from "../conformance/invoke.ts";
import type { Bits, ConstantType } from "../conformance/values.ts";
import { randomArgument } from "./arguments.ts";
import { describe } from "./describe.ts";
import { createContext, fuzzingSupport, write, type HostContext } from "./host.ts";
import { Random } from "./random.ts";
import { STATE } from "./tame.ts";

export interface Run {
  readonly module: WebAssembly.Module;
  /** Of the module before it was rewritten. */
  readonly shape: ModuleShape;
  readonly seed: number;
  /** Of a prepared module. */
  readonly fuel?: bigint;
}

export interface Observation {
  /** Calls, what they gave or how they failed, what was logged, and in the end the state. */
  readonly lines: readonly string[];
  /** For each line, what had been used by then, up to a constant. */
  readonly meter: readonly bigint[];
  /** Why the run says nothing about the program; null when it does. */
  readonly stopped: "out of fuel" | "stack" | null;
  readonly exports: WebAssembly.Exports;
}

const TYPES: ReadonlyMap<number, ConstantType> = new Map([
  [0x7f, "i32"],
  [0x7e, "i64"],
  [0x7d, "f32"],
  [0x7c, "f64"],
  [0x7b, "v128"],
  [0x70, "funcref"],
  [0x6f, "externref"],
  [0x69, "exnref"],
]);
const typeOf = ({ byte }: { readonly byte: number }): ConstantType => TYPES.get(byte) ?? "externref";

const isException = (thrown: unknown): boolean => thrown instanceof WebAssembly.Exception;

/** How a call failed, in words that do not depend on how the module was compiled. */
function failure(thrown: unknown): string {
  if (thrown instanceof WebAssembly.RuntimeError) return `trap: ${thrown.message}`;
  if (isException(thrown)) return "exception";
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : `thrown: ${String(thrown)}`;
}

/** The final memory, tables and globals. */
function state({ shape }: Run, exports: WebAssembly.Exports): string[] {
  const memory = exports[STATE.memory];
  const lines: string[] = [];
  if (memory instanceof WebAssembly.Memory) {
    const bytes = new Uint8Array(memory.buffer);
    lines.push(`memory of ${bytes.length} is ${createHash("sha256").update(bytes).digest("hex")}`);
  }
  shape.tables.forEach((_table, i) => {
    const table = exports[`${STATE.table}${i}`];
    if (!(table instanceof WebAssembly.Table)) return;
    const entries = Array.from({ length: table.length }, (_, at) => describe(table.get(at) as Bits));
    lines.push(`table ${i} of ${entries.length} is ${entries.join(", ")}`);
  });
  shape.globals.forEach((global, i) => {
    const found = exports[`${STATE.global}${i}`];
    if (!(found instanceof WebAssembly.Global)) return;
    const type = typeOf(global.type);
    lines.push(`global ${i} is ${type} ${describe(readGlobal(type, global.isMutable, found))}`);
  });
  return lines;
}

/** Does one thing; gives why nothing more can be said, and writes down how it went. */
function attempt(
  context: HostContext,
  act: () => string,
  isSpent: () => boolean,
): { readonly stopped: Observation["stopped"]; readonly hasFailed: boolean } {
  let hasFailed = false;
  try {
    write(context, act());
  } catch (error) {
    if (error instanceof RangeError) return { stopped: "stack", hasFailed: true };
    write(context, failure(error));
    hasFailed = true;
  }
  return { stopped: isSpent() ? "out of fuel" : null, hasFailed };
}

/** Instantiates a module and calls its functions, in the order of its exports, with arguments of the seed. */
export function execute(run: Run): Observation {
  const { shape } = run;
  const context = createContext(shape);
  const { lines, meter } = context;
  let exports: WebAssembly.Exports = {};
  const fuel = (): WebAssembly.Global<"i64"> | null =>
    exports[NAMES.fuel] instanceof WebAssembly.Global
      ? (exports[NAMES.fuel] as WebAssembly.Global<"i64">)
      : null;
  const isSpent = () => (fuel()?.value ?? 0n) < 0n;

  const start = attempt(
    context,
    () => {
      const imports = { "fuzzing-support": fuzzingSupport(context) };
      ({ exports } = new WebAssembly.Instance(run.module, imports));
      const [global, all] = [fuel(), exports[NAMES.run]];
      if (global !== null) global.value = run.fuel ?? 0n;
      if (typeof all === "function") Reflect.apply(all, undefined, []);
      return "started";
    },
    isSpent,
  );
  if (start.stopped !== null || start.hasFailed) return { lines, meter, stopped: start.stopped, exports };
  context.exports = exports;

  const random = new Random(run.seed);
  const entries = shape.exports.filter(({ kind }) => kind === "function");
  const functions = entries.flatMap(({ name }) => {
    const found = exports[name];
    return typeof found === "function" ? [found] : [];
  });
  for (const { name, index } of entries) {
    const { parameters, results } = typeOfFunction(shape, index);
    const given = parameters.map((type) => randomArgument(random, typeOf(type), functions));
    const target = exports[name];
    if (target === undefined) throw new Error(`the export ${name} is gone`);
    write(context, `call ${name}(${given.map(({ bits }) => describe(bits)).join(", ")})`);
    const { stopped } = attempt(
      context,
      () => `gives ${invoke(target, given, results.map(typeOf)).map(describe).join(", ")}`,
      isSpent,
    );
    if (stopped !== null || context.hasCaughtStack)
      return { lines, meter, stopped: stopped ?? "stack", exports };
  }
  lines.push(...state(run, exports));
  return { lines, meter, stopped: null, exports };
}
