/** The modules of one script, either as they are or prepared, and what can be done with them. */
import { NAMES } from "../../server/runtime/prepare/policy.ts";
import { readModule, typeOfFunction } from "../../server/runtime/prepare/read-module.ts";
import { ModuleRefused } from "../../server/runtime/types.ts";
import { invoke, readGlobal } from "./invoke.ts";
import { readWat, UnreadableText } from "./read-wat.ts";
import { headOf, listsIn, wordOf, type List } from "./s-expressions.ts";
import { readConstant, type Bits, type Constant, type ConstantType, type Expected } from "./values.ts";

const FUEL = 1_000_000_000_000n;

/** A module's instance, with what its exported functions give. */
interface Defined {
  readonly exports: WebAssembly.Exports;
  readonly results: (name: string) => ConstantType[];
}

export interface World {
  readonly prepare: (bytes: Uint8Array) => Uint8Array;
  readonly named: Map<string, Defined>;
  readonly registered: Record<string, WebAssembly.Exports>;
  current: Defined | null;
}

/** The sandbox does not take the module. */
export class Excluded extends Error {
  override readonly name = "Excluded";
}

/** There is no module to act on: the one before was excluded, or could not be read. */
export class ModuleMissing extends Error {
  override readonly name = "ModuleMissing";
}

function spectest(): WebAssembly.Exports {
  const nothing = () => undefined;
  const prints = [
    "print",
    "print_i32",
    "print_i64",
    "print_f32",
    "print_f64",
    "print_i32_f32",
    "print_f64_f64",
  ];
  return {
    ...Object.fromEntries(prints.map((name) => [name, nothing])),
    global_i32: new WebAssembly.Global({ value: "i32" }, 666),
    global_i64: new WebAssembly.Global({ value: "i64" }, 666n),
    global_f32: new WebAssembly.Global({ value: "f32" }, 666.6),
    global_f64: new WebAssembly.Global({ value: "f64" }, 666.6),
    table: new WebAssembly.Table({ initial: 10, maximum: 20, element: "anyfunc" }),
    memory: new WebAssembly.Memory({ initial: 1, maximum: 2 }),
  };
}

export const createWorld = (prepare: World["prepare"]): World => ({
  prepare,
  named: new Map(),
  registered: { spectest: spectest() },
  current: null,
});

/** The bytes of `(module ...)` in any of its forms. */
export function bytesOf(source: string, list: List): Uint8Array<ArrayBuffer> {
  const words = list.items.map(wordOf);
  const texts = list.items.flatMap((item) =>
    item.kind === "text" ? [Buffer.from(item.value, "latin1")] : [],
  );
  if (words.includes("binary")) return Uint8Array.from(Buffer.concat(texts));
  if (words.includes("quote")) return readWat(Buffer.concat(texts).toString());
  if (words[1] === "definition" || words[1] === "instance")
    throw new UnreadableText("module definitions and instances");
  return readWat(source.slice(list.start, list.end));
}

const RESULT_TYPES: Readonly<Record<number, ConstantType>> = {
  0x7f: "i32",
  0x7e: "i64",
  0x7d: "f32",
  0x7c: "f64",
  0x7b: "v128",
  0x70: "funcref",
  0x6f: "externref",
  0x69: "exnref",
};

/** Looks the results of an exported function up in the module itself. */
function resultsIn(bytes: Uint8Array): Defined["results"] {
  return (name) => {
    const shape = readModule(bytes);
    const found = shape.exports.find((entry) => entry.name === name && entry.kind === "function");
    if (found === undefined) throw new UnreadableText("no such function");
    return typeOfFunction(shape, found.index).results.map(({ byte }) => RESULT_TYPES[byte] ?? "externref");
  };
}

const fuelOf = ({ exports }: Pick<Defined, "exports">): WebAssembly.Global<"i64"> | null => {
  const fuel = exports[NAMES.fuel];
  // Its type is the one that preparation gave it.
  return fuel instanceof WebAssembly.Global ? (fuel as WebAssembly.Global<"i64">) : null;
};

/** Does something with much fuel. What ends for want of it would look like a trap of the program's own. */
function withFuel<Result>(instance: Pick<Defined, "exports">, act: () => Result): Result {
  const fuel = fuelOf(instance);
  if (fuel === null) return act();
  fuel.value = FUEL;
  try {
    return act();
  } catch (error) {
    if (fuel.value < 0n) throw new Error("the fuel ran out", { cause: error });
    throw error;
  }
}

function instantiate(world: World, bytes: Uint8Array<ArrayBuffer>): Defined {
  let ready: Uint8Array;
  try {
    ready = world.prepare(bytes);
  } catch (error) {
    if (error instanceof ModuleRefused) throw new Excluded(error.message);
    throw error;
  }
  // Exports of modules are what imports of others take.
  const imports = world.registered as WebAssembly.Imports;
  const instance = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(ready)), imports);
  const run = instance.exports[NAMES.run];
  if (typeof run === "function") withFuel(instance, () => void Reflect.apply(run, undefined, []));
  return { exports: instance.exports, results: resultsIn(bytes) };
}

export function define(world: World, source: string, list: List): void {
  world.current = null;
  const name = wordOf(list.items[1]);
  if (name.startsWith("$")) world.named.delete(name);
  const instance = instantiate(world, bytesOf(source, list));
  world.current = instance;
  if (name.startsWith("$")) world.named.set(name, instance);
}

function instanceFor(world: World, name: string): Defined {
  const instance = name.startsWith("$") ? world.named.get(name) : world.current;
  if (instance === undefined || instance === null) throw new ModuleMissing("its module is missing");
  return instance;
}

const textIn = (list: List): string => {
  const text = list.items.find((item) => item.kind === "text");
  return Buffer.from(text?.kind === "text" ? text.value : "", "latin1").toString();
};

/** `(register "name" $module)`. */
export function register(world: World, list: List): void {
  world.registered[textIn(list)] = instanceFor(world, wordOf(list.items[2])).exports;
}

export function allRead<Item>(items: readonly (Item | null)[]): Item[] {
  const read = items.filter((item) => item !== null);
  if (read.length < items.length) throw new UnreadableText("values of kinds that are not read");
  return read;
}

/** Globals are exported without their mutability: what does not link one way does the other. */
function globalBits(type: ConstantType, global: WebAssembly.Global): Bits {
  try {
    return readGlobal(type, false, global);
  } catch (error) {
    if (!(error instanceof WebAssembly.LinkError)) throw error;
    return readGlobal(type, true, global);
  }
}

/** Does what `(invoke ...)` or `(get ...)` says; gives the bits of all results. */
export function act(world: World, action: List, expected: readonly Expected[]): Bits[] {
  const instance = instanceFor(world, wordOf(action.items[1]));
  const name = textIn(action);
  const target = instance.exports[name];
  if (headOf(action) === "get") {
    if (!(target instanceof WebAssembly.Global)) throw new UnreadableText("no such global");
    const type = expected[0]?.type;
    return type === undefined ? [] : [globalBits(type, target)];
  }
  const constants: Constant[] = allRead(listsIn(action).map(readConstant));
  if (target === undefined) throw new UnreadableText("no such export");
  return withFuel(instance, () => invoke(target, constants, instance.results(name)));
}
