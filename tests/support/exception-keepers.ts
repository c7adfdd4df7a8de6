/** Recursions that keep as many exceptions at every depth as there is room for. */
import { program } from "./wat.ts";

/** As much as an exception may carry, in the form that takes most of the engine's memory; and nothing. */
const PAYLOADS = {
  "the largest exceptions": ["v128 v128", "(v128.const i64x2 -1 -1) ".repeat(2)],
  "the smallest exceptions": ["", ""],
} as const;

const some = (count: number, text: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => text(i)).join(" ");

/** Throws an exception and leaves it on the operand stack. */
const caught = (values: string, label: string) =>
  `(block $${label} (result exnref) (try_table (catch_all_ref $${label}) (throw $e ${values})) unreachable)`;

/** Bodies of `$down`, which keeps as many new exceptions as there is room for, at every depth of a recursion. */
const KEEPERS: Readonly<Record<string, (values: string) => string>> = {
  "among its operands": (values) =>
    `(func $down ${some(900, (i) => caught(values, `h${i}`))} (call $down) ${"drop ".repeat(900)})`,
  "in its locals": (values) =>
    `(func $down (local ${"exnref ".repeat(1_500)}) ${some(1_500, (i) => `(local.set ${i} ${caught(values, `h${i}`)})`)}
      (call $down) ${some(1_500, (i) => `(if (i32.load (i32.const 0)) (then (throw_ref (local.get ${i}))))`)})`,
  "in its parameters": (values) =>
    `(func $begin (call $deeper ${"(ref.null exn) ".repeat(900)}))
    (func $deeper (param ${"exnref ".repeat(900)}) (call $deeper ${some(900, (i) => caught(values, `h${i}`))})
      ${some(900, (i) => `(if (i32.load (i32.const 0)) (then (throw_ref (local.get ${i}))))`)})
    (func $down (call $begin))`,
  "in its open handlers": (values) =>
    `(func $down ${some(50, (i) => `(try $t${i} (do (throw $e ${values})) (catch_all`)} (call $down)
      ${some(50, (i) => `(rethrow $t${49 - i})))`)})`,
};

/** Each of them with the largest exceptions and with the smallest. */
export const EXCEPTION_KEEPERS = Object.entries(KEEPERS).flatMap(([where, bodyOf]) =>
  Object.entries(PAYLOADS).map(([what, [types, values]]) => ({
    what: `${what} ${where}`,
    wat: program("(call $down)", { fields: `(tag $e (param ${types})) ${bodyOf(values)}` }),
  })),
);
