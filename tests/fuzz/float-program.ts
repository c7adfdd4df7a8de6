/**
 * Random programs in which NaNs of arithmetic go everywhere: through locals, blocks, loops, calls, exceptions, vectors
 * and memory, in scalars and lanes of both widths; between them is what costs fuel by its length. binaryen's modules
 * are broader, and seldom meet either.
 */
import type { Random } from "./random.ts";

type Type = "i32" | "i64" | "f32" | "f64" | "v128";
const TYPES = ["f32", "f64", "f64", "v128", "v128", "i32", "i64"] as const satisfies readonly Type[];
const FLOATS = ["f32", "f64"] as const;
const SHAPES = ["f32x4", "f64x2"] as const;

const CONSTANTS = {
  f32: ["0", "-0", "1", "-1.5", "inf", "-inf", "nan", "-nan", "nan:0x200001", "-nan:0x612345", "3.4e38"],
  f64: [
    "0",
    "-0",
    "1",
    "-1.5",
    "inf",
    "-inf",
    "nan",
    "-nan",
    "nan:0x4000000000001",
    "-nan:0xc12345678",
    "1e308",
  ],
  i32: ["0", "1", "-1", "0x7fc00000", "0xffc00000", "0x7f800001"],
  i64: ["0", "1", "-1", "0x7ff8000000000000", "0xfff8000000000000", "0x7ff0000000000001"],
} as const;

/** Operators by the type they give, as `name operand...`. */
const scalar = (t: "f32" | "f64", other: "f32" | "f64", int: "i32" | "i64"): string[] => [
  ...["add", "sub", "mul", "div", "min", "max", "copysign"].map((name) => `${t}.${name} ${t} ${t}`),
  ...["sqrt", "ceil", "floor", "trunc", "nearest", "abs", "neg", "neg"].map((name) => `${t}.${name} ${t}`),
  t === "f32" ? `f32.demote_f64 ${other}` : `f64.promote_f32 ${other}`,
  `${t}.reinterpret_${int} ${int}`,
  `${t}.convert_i32_s i32`,
  `${t}.load i32`,
];
const integer = (t: "i32" | "i64", float: "f32" | "f64"): string[] => [
  ...(t === "i32" ? ["memory.grow pages", "memory.size"] : []),
  ...["add", "xor", "and", "shr_u"].map((name) => `${t}.${name} ${t} ${t}`),
  `${t}.reinterpret_${float} ${float}`,
  `${t}.reinterpret_${float} ${float}`,
  `${t}.trunc_sat_f64_s f64`,
  `${t}.load i32`,
];
const COMPARES = ["eq", "ne", "lt", "gt", "le", "ge"].flatMap((name) => [
  `f32.${name} f32 f32`,
  `f64.${name} f64 f64`,
]);
const LANES = ["add", "sub", "mul", "div", "min", "max", "pmin", "pmax", "eq", "lt"];

const OPERATORS: Readonly<Record<Type, readonly [string, ...string[]]>> = {
  f32: ["f32x4.extract_lane:4 v128", ...scalar("f32", "f64", "i32")],
  f64: ["f64x2.extract_lane:2 v128", ...scalar("f64", "f32", "i64")],
  i32: [
    "i32x4.extract_lane:4 v128",
    "v128.any_true v128",
    "i32.wrap_i64 i64",
    ...COMPARES,
    ...integer("i32", "f32"),
  ],
  i64: ["i64x2.extract_lane:2 v128", "i64.extend_i32_u i32", ...integer("i64", "f64")],
  v128: [
    "f32x4.splat f32",
    "f64x2.splat f64",
    "f32x4.replace_lane:4 v128 f32",
    "f64x2.replace_lane:2 v128 f64",
    "f64x2.promote_low_f32x4 v128",
    "f32x4.demote_f64x2_zero v128",
    "v128.load i32",
    "v128.xor v128 v128",
    "v128.bitselect v128 v128 v128",
    "i8x16.swizzle v128 v128",
    "i32x4.trunc_sat_f32x4_s v128",
    ...SHAPES.flatMap((shape) => LANES.map((name) => `${shape}.${name} v128 v128`)),
    ...SHAPES.flatMap((shape) =>
      ["sqrt", "ceil", "nearest", "abs", "neg"].map((name) => `${shape}.${name} v128`),
    ),
  ],
};

/** What the memory is asked to grow by, and how much bulk operations move: some of it cannot be. */
const PAGES = [0, 0, 1, 2, 100, -1] as const;
const LENGTHS = [0, 1, 7, 64, 200, 65_535, 70_000, -1] as const;

const LOCALS_OF_EACH = 3;
const FUNCTIONS = 5;

class Writer {
  readonly #random: Random;
  /** Index of the function being written; it calls only those before it. */
  readonly #own: number;
  readonly #signatures: readonly { parameter: Type; result: Type }[];
  #depth = 0;
  #labels = 0;

  constructor(random: Random, own: number, signatures: readonly { parameter: Type; result: Type }[]) {
    this.#random = random;
    this.#own = own;
    this.#signatures = signatures;
  }

  #local(type: Type): string {
    return `$${type}_${this.#random.below(LOCALS_OF_EACH)}`;
  }

  #constant(type: Type): string {
    if (type !== "v128") return `(${type}.const ${this.#random.pick(CONSTANTS[type])})`;
    const float = this.#random.pick(FLOATS);
    const lanes = Array.from({ length: float === "f32" ? 4 : 2 }, () => this.#random.pick(CONSTANTS[float]));
    return `(v128.const ${float === "f32" ? "f32x4" : "f64x2"} ${lanes.join(" ")})`;
  }

  #operator(type: Type): string {
    const [name = "", ...operands] = this.#random.pick(OPERATORS[type]).split(" ");
    const [plain = "", lanes] = name.split(":");
    const lane = lanes === undefined ? "" : ` ${this.#random.below(Number(lanes))}`;
    const given = operands.map((operand) => {
      if (operand === "pages") return `(i32.const ${this.#random.pick(PAGES)})`;
      return plain.endsWith("load") ? this.#address() : this.expression(operand as Type);
    });
    return `(${plain}${lane} ${given.join(" ")})`;
  }

  /** An address within the first page, mostly one that was stored to. */
  #address(): string {
    return `(i32.const ${16 * this.#random.below(16)})`;
  }

  #label(): string {
    this.#labels += 1;
    return `$l${this.#labels}`;
  }

  #structured(type: Type): string {
    const label = this.#label();
    const inner = () => this.expression(type);
    switch (this.#random.below(6)) {
      case 0:
        return `(select ${inner()} ${inner()} ${this.expression("i32")})`;
      case 1:
        return `(block ${label} (result ${type}) ${this.statement()} (drop (br_if ${label} ${inner()} ${this.expression("i32")})) ${inner()})`;
      case 2:
        return `(if (result ${type}) ${this.expression("i32")} (then ${this.statement()} ${inner()}) (else ${inner()}))`;
      case 3:
        return `(local.tee ${this.#local(type)} ${inner()})`;
      case 4:
        return `(block ${label} (result ${type}) ${inner()} ${this.expression("i32")} br_table ${label} ${label} ${label})`;
      default:
        return type === "f64"
          ? `(try (result f64) (do ${this.statement()} (throw $e ${inner()})) (catch $e))`
          : `(block ${label} (result ${type}) (br ${label} ${inner()}))`;
    }
  }

  /** A call of a function before this one, or through the table, which has them all: that may recur, or trap. */
  #call(type: Type): string | null {
    const found = this.#signatures.findIndex(({ result }, i) => result === type && i < this.#own);
    if (found < 0) return null;
    const { parameter = type } = this.#signatures[found] ?? {};
    const given = this.expression(parameter);
    if (!this.#random.oneIn(4)) return `(call $f${found} ${given})`;
    const at = `(i32.const ${this.#random.oneIn(8) ? this.#random.below(FUNCTIONS + 1) : found})`;
    return `(call_indirect (param ${parameter}) (result ${type}) ${given} ${at})`;
  }

  /** Moves memory, mostly a little of it; what stands at its beginning stays where it is. */
  #bulk(): string {
    const length = this.#random.oneIn(6) ? this.#random.pick(LENGTHS) : this.#random.below(64);
    const operation = this.#random.pick(["memory.fill", "memory.copy", "memory.init $d"]);
    return `(${operation} (i32.const ${1_024 + this.#random.below(64)}) ${this.#address()} (i32.const ${length}))`;
  }

  expression(type: Type): string {
    if (this.#depth > 5 || this.#random.oneIn(6)) return this.#constant(type);
    if (this.#random.oneIn(3)) return `(local.get ${this.#local(type)})`;
    this.#depth += 1;
    const what = this.#random.below(12);
    const made = what === 0 ? this.#call(type) : what < 4 ? this.#structured(type) : this.#operator(type);
    this.#depth -= 1;
    return made ?? this.#constant(type);
  }

  statement(): string {
    const type = this.#random.pick(TYPES);
    this.#depth += 1;
    const made = this.#statement(type);
    this.#depth -= 1;
    return made;
  }

  #statement(type: Type): string {
    switch (this.#depth > 4 ? this.#random.below(4) : this.#random.below(9)) {
      case 0:
      case 1:
        return `(local.set ${this.#local(type)} ${this.expression(type)})`;
      case 2:
        return `(${type}.store ${this.#address()} ${this.expression(type)})`;
      case 3:
        return `(global.set $g_${type} ${this.expression(type)})`;
      case 4:
        return `(if ${this.expression("i32")} (then ${this.statements(2)}) (else ${this.statement()}))`;
      case 5: {
        const [label, counter] = [this.#label(), `$n${this.#random.below(2)}`];
        return `(loop ${label} ${this.statements(2)} (br_if ${label} (i32.gt_s (local.tee ${counter} (i32.sub (local.get ${counter}) (i32.const 1))) (i32.const 0))))`;
      }
      case 6:
        return this.#random.oneIn(3) ? "(data.drop $d)" : this.#bulk();
      case 7:
        return `(if ${this.expression("i32")} (then) (else ${this.statements(6)}))`;
      default:
        return `(call $log-${type} ${this.expression(type)})`;
    }
  }

  statements(most: number): string {
    return Array.from({ length: 1 + this.#random.below(most) }, () => this.statement()).join("\n");
  }
}

const each = (write: (type: Type) => string): string =>
  (["i32", "i64", "f32", "f64", "v128"] as const).map(write).join("\n");

/** The text of one program. */
export function floatProgram(random: Random): string {
  const signatures = Array.from({ length: FUNCTIONS }, () => ({
    parameter: random.pick(TYPES),
    result: random.pick(TYPES),
  }));
  const locals = each((type) =>
    Array.from({ length: LOCALS_OF_EACH }, (_, i) => `(local $${type}_${i} ${type})`).join(" "),
  );
  const functions = signatures.map(({ parameter, result }, i) => {
    const writer = new Writer(random, i, signatures);
    return `(func $f${i} (export "f${i}") (param $p ${parameter}) (result ${result})
      ${locals} (local $n0 i32) (local $n1 i32)
      (local.set $n0 (i32.const 9)) (local.set $n1 (i32.const 40))
      (local.set $${parameter}_0 (local.get $p))
      ${writer.statements(8)} ${writer.expression(result)})`;
  });
  const zero = (type: Type) => (type === "v128" ? "(v128.const i64x2 0 0)" : `(${type}.const 0)`);
  return `(module
    ${each((type) => `(import "fuzzing-support" "log-${type}" (func $log-${type} (param ${type})))`)}
    (memory 1 8)
    (data $d "${"NaN".repeat(30)}")
    (table funcref (elem ${signatures.map((_signature, i) => `$f${i}`).join(" ")}))
    (tag $e (param f64))
    ${each((type) => `(global $g_${type} (mut ${type}) ${zero(type)})`)}
    ${functions.join("\n")})`;
}
