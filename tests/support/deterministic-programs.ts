import { createHash } from "node:crypto";
import type { RunResult } from "../../server/runtime/types.ts";
import type { RunOptions } from "./sandbox.ts";
import { call, FREE, program } from "./wat.ts";

const times = (count: number, body: string) =>
  `(loop $again ${body} (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const ${count}))))`;
const clock = (id: number, at: number) =>
  `(drop (call $clock_time_get (i32.const ${id}) (i64.const 0) (i32.const ${at})))`;
export const SEED = Uint8Array.from({ length: 32 }, (_, i) => i);

export interface Program {
  readonly what: string;
  readonly wat: string;
  readonly ending: RunResult["ending"];
  readonly options?: RunOptions;
}

/** Every operation on scalars whose result may be a NaN, of the values at 64 or 128, stored from 64 or 128 on. */
const scalarNans = (type: "f32" | "f64", integer: "i32" | "i64", width: number) => {
  const base = width * 16;
  const given = `(${type}.load (i32.const ${base}))`;
  const one = ["ceil", "floor", "trunc", "nearest", "sqrt", "abs", "neg"].map(
    (name) => `(${type}.${name} ${given})`,
  );
  const two = ["add", "sub", "mul", "div", "min", "max", "copysign"].map(
    (name) => `(${type}.${name} ${given} (${type}.const -0))`,
  );
  const all = [...one, ...two].map(
    (value, i) =>
      `(${integer}.store (i32.const ${base + width * (i + 1)}) (${integer}.reinterpret_${type} ${value}))`,
  );
  return all.join(" ");
};

/** Programs that ask for whatever might differ from one run to another. */
export const PROGRAMS: readonly Program[] = [
  {
    what: "prints its clocks between long loops",
    wat: program(
      `(local $i i32) ${clock(0, 64)} ${times(100_000, "")} ${clock(1, 72)} ${clock(2, 80)} ${clock(3, 88)} ${call("print", 64, 32)}`,
    ),
    ending: "completed",
  },
  {
    what: "prints random bytes",
    wat: program(
      `(local $i i32) ${times(20, `(drop ${call("random_get", 64, 999)}) ${call("print", 64, 999)}`)}`,
    ),
    ending: "completed",
    options: { seed: SEED },
  },
  {
    what: "branches by random bytes",
    wat: program(
      `(local $i i32) ${times(500, `(drop ${call("random_get", 64, 1)}) (if (i32.and (i32.load8_u (i32.const 64)) (i32.const 1)) (then ${call("print", 64, 1)}))`)}`,
    ),
    ending: "completed",
    options: { seed: SEED },
  },
  {
    what: "prints where its growth is refused",
    wat: program(
      `(local $i i32) ${times(40, `(i32.store (i32.const 64) (memory.grow (i32.const 1))) ${call("print", 64, 4)}`)}`,
    ),
    ending: "completed",
  },
  {
    what: "fails when its growth is refused",
    wat: program(
      "(loop $more (br_if $more (i32.ne (memory.grow (i32.const 3)) (i32.const -1)))) unreachable",
    ),
    ending: "memory-limit",
  },
  {
    what: "makes a hundred thousand tail calls",
    wat: program(`(i32.store (i32.const 64) (call $even (i32.const 100000))) ${call("print", 64, 4)}`, {
      fields: `(func $even (param i32) (result i32) (if (i32.eqz (local.get 0)) (then (return (i32.const 1))))
          (return_call $odd (i32.sub (local.get 0) (i32.const 1))))
        (func $odd (param i32) (result i32) (return_call $even (i32.sub (local.get 0) (i32.const 1))))`,
    }),
    ending: "completed",
  },
  {
    what: "catches what it throws",
    wat: program(
      `(local $i i32) ${times(300, "(i32.store (i32.const 64) (i32.add (i32.load (i32.const 64)) (try (result i32) (do (throw $e (local.get $i))) (catch $e))))")} ${call("print", 64, 4)}`,
      { fields: "(tag $e (param i32))" },
    ),
    ending: "completed",
  },
  {
    what: "traps inside a try",
    wat: program(
      `${call("log", FREE, 4)} (try (do (drop (i32.div_u (i32.const 1) (i32.const 0)))) (catch_all ${call("log", FREE, 8)}))`,
    ),
    ending: "trapped",
  },
  {
    what: "exits inside a try, in a function that would catch it",
    wat: program(`(try (do (call $leave)) (catch_all ${call("log", FREE, 8)}))`, {
      fields: `(func $leave (try (do ${call("proc_exit", 3)}) (catch_all ${call("log", FREE, 4)})))`,
    }),
    ending: "exited",
  },
  {
    what: "lets an exception out",
    wat: program("(throw $e)", { fields: "(tag $e)" }),
    ending: "trapped",
  },
  {
    what: "makes NaNs of all kinds",
    wat: program(
      `(local $i i32) ${times(
        200,
        `
      (f64.store (i32.const 64) (f64.div (f64.const 0) (f64.convert_i32_u (i32.and (local.get $i) (i32.const 1)))))
      (f32.store (i32.const 72) (f32.sqrt (f32.neg (f32.convert_i32_u (local.get $i)))))
      (v128.store (i32.const 80) (f32x4.min (v128.load (i32.const 64)) (f32x4.sub (v128.load (i32.const 64)) (v128.load (i32.const 64)))))
      ${call("print", 64, 32)}`,
      )}`,
    ),
    ending: "completed",
  },
  {
    what: "makes NaNs of scalars in every way",
    wat: program(
      `(local $x f64) (local $y f32) ${scalarNans("f64", "i64", 8)} ${scalarNans("f32", "i32", 4)}
      (f64.store (i32.const 256) (f64.promote_f32 (f32.load (i32.const 64))))
      (f32.store (i32.const 264) (f32.demote_f64 (f64.load (i32.const 128)))) ${call("print", 64, 256)}`,
      {
        fields:
          '(data (i32.const 64) "\\01\\00\\a0\\ff") (data (i32.const 128) "\\01\\00\\00\\00\\00\\00\\f4\\ff")',
      },
    ),
    ending: "completed",
  },
  {
    what: "makes NaNs in the lanes of vectors",
    wat: program(
      `(v128.store (i32.const 128) (f64x2.div (v128.load (i32.const 64)) (v128.load (i32.const 64))))
      (v128.store (i32.const 144) (f64x2.max (v128.load (i32.const 64)) (v128.load (i32.const 80))))
      (v128.store (i32.const 160) (f32x4.sqrt (v128.load (i32.const 80))))
      (v128.store (i32.const 176) (f32x4.pmin (v128.load (i32.const 80)) (v128.load (i32.const 64))))
      (v128.store (i32.const 192) (f32x4.demote_f64x2_zero (v128.load (i32.const 80))))
      (v128.store (i32.const 208) (f64x2.promote_low_f32x4 (v128.load (i32.const 80)))) ${call("print", 128, 96)}`,
      { fields: '(data (i32.const 80) "\\01\\00\\a0\\ff\\02\\00\\f4\\ff\\03\\00\\00\\80\\04\\00\\f4\\7f")' },
    ),
    ending: "completed",
  },
  {
    what: "keeps pointers in the bits of NaNs, moves them about and computes with them",
    wat: program(
      `(local $i i32) (local $box f64) ${times(
        50,
        `(local.set $box (call $same (f64.reinterpret_i64 (i64.or (i64.const 0x7ff4000000000000) (i64.extend_i32_u (local.get $i))))))
        (f64.store (i32.const 64) (select (f64.neg (local.get $box)) (local.get $box) (i32.and (local.get $i) (i32.const 1))))
        (f64.store (i32.const 72) (f64.add (local.get $box) (f64.const 1)))
        (i64.store (i32.const 80) (i64.reinterpret_f64 (f64.copysign (local.get $box) (f64.const -1)))) ${call("print", 64, 24)}`,
      )}`,
      { fields: "(func $same (param f64) (result f64) (local.get 0))" },
    ),
    ending: "completed",
  },
  {
    what: "reads what nobody has written: memory, grown memory, locals, tables",
    wat: program(
      `(local $a i32) (local $b i64) (local $c f64) (local $d v128) (local $e funcref) (drop (memory.grow (i32.const 2)))
      (i32.store (i32.const 64) (local.get $a)) (i64.store (i32.const 72) (local.get $b)) (f64.store (i32.const 80) (local.get $c))
      (v128.store (i32.const 96) (local.get $d)) (i32.store (i32.const 112) (ref.is_null (local.get $e)))
      (i32.store (i32.const 116) (ref.is_null (table.get (i32.const 3)))) ${call("print", 64, 9_000)} ${call("print", 65_000, 100_000)}`,
      { fields: "(table 4 funcref)" },
    ),
    ending: "completed",
    options: { limits: { outputBytes: 200_000 } },
  },
  {
    what: "goes on when its table is refused to grow",
    wat: program(
      `(local $i i32) ${times(30, `(i32.store (i32.const 64) (table.grow (ref.null func) (i32.const 7))) ${call("print", 64, 4)}`)}`,
      { fields: "(table 1 50 funcref)" },
    ),
    ending: "completed",
  },
  {
    what: "traps in the handler of what it threw",
    wat: program(
      `(try (do (call $thrower)) (catch $e (i32.store (i32.const 64)) ${call("log", 64, 4)} (drop (i32.load (i32.const -1)))) (catch_all ${call("log", FREE, 8)}))`,
      { fields: "(tag $e (param i32)) (func $thrower (throw $e (i32.const 5)))" },
    ),
    ending: "trapped",
  },
  {
    what: "exits in the handler of what it threw, and throws again behind that",
    wat: program(`(try $t (do (throw $e (i32.const 5))) (catch_all ${call("proc_exit", 4)} (rethrow $t)))`, {
      fields: "(tag $e (param i32))",
    }),
    ending: "exited",
  },
  {
    what: "uses up its fuel in the middle of its output",
    wat: program(`(loop $l ${call("print", FREE, 4)} (br $l))`),
    ending: "out-of-fuel",
    options: { limits: { fuel: 70_000 } },
  },
  {
    what: "uses up its output",
    wat: program(`(local $i i32) ${times(99, call("print", FREE, 7))}`),
    ending: "output-limit",
    options: { limits: { outputBytes: 100 } },
  },
  {
    what: "sleeps and polls",
    wat: program(
      `(i64.store (i32.const 1048) (i64.const 1000000000)) (drop ${call("poll_oneoff", 1_024, 2_048, 1, 64)}) ${call("print", 2_048, 32)}`,
    ),
    ending: "completed",
  },
];

/** All of a result but how long it took. */
export function essence(result: RunResult): string {
  const { durationMs: _durationMs, ...rest } = result;
  return JSON.stringify(rest, (_key, value: unknown) =>
    value instanceof Uint8Array ? createHash("sha256").update(value).digest("hex") : value,
  );
}
