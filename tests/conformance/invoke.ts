/** Calls exported functions with bits and gives bits back: JavaScript's numbers would lose those of a NaN. */
import { readWat } from "./read-wat.ts";
import type { Bits, Constant, ConstantType } from "./values.ts";

/** How values cross the border to JavaScript, which cannot hold exceptions: nothing goes in, and 1 for none comes out. */
const CROSSING: Readonly<Record<ConstantType, { readonly in: string; readonly out: string }>> = {
  i32: { in: "i32", out: "i32" },
  i64: { in: "i64", out: "i64" },
  f32: { in: "i32", out: "i32" },
  f64: { in: "i64", out: "i64" },
  v128: { in: "i64 i64", out: "i64 i64" },
  externref: { in: "externref", out: "externref" },
  funcref: { in: "funcref", out: "funcref" },
  exnref: { in: "", out: "i32" },
};

const wordsIn = (types: string): number => types.split(" ").filter((word) => word !== "").length;

/** Puts one parameter on the stack in its own type. */
function given(type: ConstantType, at: number): string {
  const local = (index: number) => `local.get ${index}`;
  if (type === "exnref") return "ref.null exn";
  if (type === "f32") return `${local(at)} f32.reinterpret_i32`;
  if (type === "f64") return `${local(at)} f64.reinterpret_i64`;
  if (type === "v128") return `${local(at)} i64x2.splat ${local(at + 1)} i64x2.replace_lane 1`;
  return local(at);
}

/** Takes one result, which stands in a local, as bits. */
function taken(type: ConstantType, at: number): string {
  const local = `local.get $r${at}`;
  if (type === "f32") return `${local} i32.reinterpret_f32`;
  if (type === "f64") return `${local} i64.reinterpret_f64`;
  if (type === "v128") return `${local} i64x2.extract_lane 0 ${local} i64x2.extract_lane 1`;
  return type === "exnref" ? `${local} ref.is_null` : local;
}

const wrappers = new Map<string, WebAssembly.Module>();

function wrapperFor(
  parameters: readonly ConstantType[],
  results: readonly ConstantType[],
): WebAssembly.Module {
  const key = `${parameters.join(" ")}:${results.join(" ")}`;
  const known = wrappers.get(key);
  if (known !== undefined) return known;
  let at = 0;
  const pushes = parameters.map((type) => {
    const push = given(type, at);
    at += wordsIn(CROSSING[type].in);
    return push;
  });
  const crossing = (types: readonly ConstantType[], way: "in" | "out") =>
    types.map((type) => CROSSING[type][way]).join(" ");
  const text = `(module
    (import "m" "f" (func $f (param ${parameters.join(" ")}) (result ${results.join(" ")})))
    (func (export "call") (param ${crossing(parameters, "in")}) (result ${crossing(results, "out")})
      ${results.map((type, i) => `(local $r${i} ${type})`).join(" ")}
      ${pushes.join(" ")}
      call $f
      ${results.map((_type, i) => `local.set $r${results.length - 1 - i}`).join(" ")}
      ${results.map(taken).join(" ")}))`;
  const module = new WebAssembly.Module(readWat(text));
  wrappers.set(key, module);
  return module;
}

function flat({ type, bits }: Constant): unknown[] {
  if (type === "exnref") return [];
  return Array.isArray(bits) ? [...(bits as unknown[])] : [bits];
}

/** Calls a function of WebAssembly; `results` says which types it gives. */
export function invoke(
  call: WebAssembly.ExportValue,
  constants: readonly Constant[],
  results: readonly ConstantType[],
): Bits[] {
  const wrapper = wrapperFor(
    constants.map(({ type }) => type),
    results,
  );
  const { exports } = new WebAssembly.Instance(wrapper, { m: { f: call } });
  const run = exports["call"];
  if (typeof run !== "function") throw new Error("no wrapper");
  const answer: unknown = Reflect.apply(run, undefined, constants.flatMap(flat));
  const values = (Array.isArray(answer) ? answer : answer === undefined ? [] : [answer]) as Bits[];
  let at = 0;
  return results.map((type) => {
    if (type !== "v128") return values[at++] ?? null;
    at += 2;
    return [
      BigInt.asUintN(64, values[at - 2] as bigint),
      BigInt.asUintN(64, values[at - 1] as bigint),
    ] as const;
  });
}

const getters = new Map<string, WebAssembly.Module>();

/** The bits of a global, read by a function that imports it. */
export function readGlobal(type: ConstantType, isMutable: boolean, global: WebAssembly.Global): Bits {
  const declared = isMutable ? `(mut ${type})` : type;
  const text = `(module (import "m" "g" (global ${declared})) (func (export "get") (result ${type}) global.get 0))`;
  const module = getters.get(declared) ?? new WebAssembly.Module(readWat(text));
  getters.set(declared, module);
  const { get } = new WebAssembly.Instance(module, { m: { g: global } }).exports;
  if (get === undefined) throw new Error("no getter");
  return invoke(get, [], [type])[0] ?? null;
}
