import { expect, test } from "vitest";
import { open } from "../../../tests/support/sandbox.ts";

/** How a value goes from where it is made to where its bits show; `$V` makes it, and `T`, `W` are its types. */
interface Flow {
  readonly what: string;
  /** The body of `f`, which gives the bits. */
  readonly body: string;
  readonly fields?: string;
}

const BITS = "(W.reinterpret_T";
const FLOWS: readonly Flow[] = [
  { what: "at once", body: `${BITS} $V)` },
  { what: "through memory", body: "(T.store (i32.const 64) $V) (W.load (i32.const 64))" },
  {
    what: "through a store at an offset",
    body: "(T.store offset=8 (i32.const 64) $V) (W.load (i32.const 72))",
  },
  { what: "through a local", body: `(local $x T) (local.set $x $V) ${BITS} (local.get $x))` },
  { what: "through a tee", body: `(local $x T) ${BITS} (local.tee $x $V))` },
  {
    what: "through a tee, read again",
    body: `(local $x T) (drop (local.tee $x $V)) ${BITS} (local.get $x))`,
  },
  {
    what: "through three locals, the last set first",
    body: `(local $x T) (local $y T) (local $z T) (local $n i32)
      (loop $l (local.set $z (local.get $y)) (local.set $y (local.get $x)) (local.set $x $V)
        (br_if $l (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 3))))
      ${BITS} (local.get $z))`,
  },
  {
    what: "through more locals than passes are made",
    body: `${Array.from({ length: 20 }, (_, i) => `(local $x${i} T)`).join(" ")} (local $n i32)
      (loop $l ${Array.from({ length: 19 }, (_, i) => `(local.set $x${19 - i} (local.get $x${18 - i}))`).join(" ")}
        (local.set $x0 $V)
        (br_if $l (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 20))))
      ${BITS} (local.get $x19))`,
  },
  {
    what: "through a parameter that is set",
    fields: `(func $g (param T) (result W) (local.set 0 $V) ${BITS} (local.get 0)))`,
    body: "(call $g (T.const 0))",
  },
  { what: "as the first choice", body: `${BITS} (select $V $V (i32.const 1)))` },
  { what: "as the second choice", body: `${BITS} (select $V $V (i32.const 0)))` },
  { what: "as a choice with its type", body: `${BITS} (select (result T) $V $V (i32.const 1)))` },
  { what: "out of a block", body: `${BITS} (block (result T) $V))` },
  {
    what: "out of blocks in blocks",
    body: `${BITS} (block (result T) (block (result T) (block (result T) $V))))`,
  },
  { what: "into a block", body: `$V (block (param T) (result W) (W.reinterpret_T))` },
  {
    what: "under a block",
    body: `(i32.const 64) $V (block (drop (i32.const 1))) (T.store) (W.load (i32.const 64))`,
  },
  { what: "by br", body: `${BITS} (block $b (result T) (br $b $V)))` },
  { what: "by br out of two blocks", body: `${BITS} (block $b (result T) (block (br $b $V)) unreachable))` },
  {
    what: "by a br_if that is taken",
    body: `${BITS} (block $b (result T) (drop (br_if $b $V (i32.const 1))) unreachable))`,
  },
  {
    what: "by a br_if that is not taken",
    body: `${BITS} (block $b (result T) (br_if $b $V (i32.const 0))))`,
  },
  {
    what: "by br_table",
    body: `${BITS} (block $b (result T) (block $c (result T) (br_table $c $b $V (i32.const 1))) unreachable))`,
  },
  {
    what: "by br_table's last label",
    body: `${BITS} (block $b (result T) (block $c (result T) (br_table $c $b $V (i32.const 7))) unreachable))`,
  },
  { what: "out of an if", body: `${BITS} (if (result T) (i32.const 1) (then $V) (else (T.const 0))))` },
  { what: "out of an else", body: `${BITS} (if (result T) (i32.const 0) (then (T.const 0)) (else $V)))` },
  {
    what: "into an if",
    body: "$V (i32.const 1) (if (param T) (result W) (then (W.reinterpret_T)) (else (drop) (W.const 0)))",
  },
  { what: "out of a loop", body: `${BITS} (loop (result T) $V))` },
  {
    what: "through a loop's parameter",
    body: `(local $n i32) (T.const 1) (loop $l (param T) (result T) (drop) $V
      (br_if $l (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 3)))) (W.reinterpret_T)`,
  },
  {
    what: "into a call",
    fields: `(func $g (param T) (result W) ${BITS} (local.get 0)))`,
    body: "(call $g $V)",
  },
  { what: "out of a call", fields: "(func $g (result T) $V)", body: `${BITS} (call $g))` },
  { what: "by return", fields: "(func $g (result T) (return $V))", body: `${BITS} (call $g))` },
  {
    what: "by a branch out of a function",
    fields: "(func $g (result T) (block (br 1 $V)) unreachable)",
    body: `${BITS} (call $g))`,
  },
  {
    what: "into an indirect call",
    fields: `(table funcref (elem $g)) (func $g (param T) (result W) ${BITS} (local.get 0)))`,
    body: "(call_indirect (param T) (result W) $V (i32.const 0))",
  },
  {
    what: "into a tail call",
    fields: `(func $g (param T) (result W) ${BITS} (local.get 0))) (func $h (result W) (return_call $g $V))`,
    body: "(call $h)",
  },
  {
    what: "into an indirect tail call",
    fields: `(table funcref (elem $g)) (func $g (param T) (result W) ${BITS} (local.get 0)))
      (func $h (result W) (return_call_indirect (param T) (result W) $V (i32.const 0)))`,
    body: "(call $h)",
  },
  {
    what: "as one of many results",
    fields: "(func $g (result i32 T i32) (i32.const 1) $V (i32.const 2))",
    body: "(call $g) (drop) (W.reinterpret_T) (local $w W) (local.set $w) (drop) (local.get $w)",
  },
  {
    what: "through a global",
    fields: "(global $g (mut T) (T.const 0))",
    body: `(global.set $g $V) ${BITS} (global.get $g))`,
  },
  { what: "out of a try", body: `${BITS} (try (result T) (do $V) (catch_all (T.const 0))))` },
  {
    what: "out of a handler",
    fields: "(tag $e)",
    body: `${BITS} (try (result T) (do (throw $e)) (catch_all $V)))`,
  },
  {
    what: "in an exception",
    fields: "(tag $e (param T))",
    body: `${BITS} (try (result T) (do (throw $e $V)) (catch $e)))`,
  },
  {
    what: "in an exception of the second form",
    fields: "(tag $e (param T))",
    body: `${BITS} (block $h (result T) (try_table (catch $e $h) (throw $e $V)) unreachable))`,
  },
  { what: "out of a try_table", body: `${BITS} (try_table (result T) $V))` },
  { what: "in all lanes of a vector", body: "(IxN.extract_lane 0 (TxN.splat $V))" },
  {
    what: "in one lane of a vector",
    body: "(IxN.extract_lane 1 (TxN.replace_lane 1 (v128.const i64x2 0 0) $V))",
  },
  {
    what: "into a vector and out of it",
    body: `${BITS} (TxN.extract_lane 1 (TxN.replace_lane 1 (v128.const i64x2 0 0) $V)))`,
  },
  {
    what: "through a vector in a local",
    body: "(local $v v128) (local.set $v (TxN.splat $V)) (IxN.extract_lane 0 (local.get $v))",
  },
  {
    what: "through a shuffle",
    body: "(IxN.extract_lane 0 (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 (TxN.splat $V) (v128.const i64x2 0 0)))",
  },
  {
    what: "through a swizzle",
    body: "(IxN.extract_lane 0 (i8x16.swizzle (TxN.splat $V) (v128.const i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15)))",
  },
  {
    what: "through bits that are chosen",
    body: "(IxN.extract_lane 0 (v128.bitselect (TxN.splat $V) (v128.const i64x2 0 0) (v128.const i64x2 -1 -1)))",
  },
  {
    what: "through bits that are combined",
    body: "(IxN.extract_lane 0 (v128.or (TxN.splat $V) (v128.const i64x2 0 0)))",
  },
  {
    what: "through a vector in memory",
    body: "(v128.store (i32.const 64) (TxN.splat $V)) (W.load (i32.const 64))",
  },
  {
    what: "through one lane that is stored",
    body: "(v128.storeN_lane 0 (i32.const 64) (TxN.splat $V)) (W.load (i32.const 64))",
  },
  { what: "as the lesser by bits", body: "(IxN.extract_lane 0 (TxN.pmin (TxN.splat $V) (TxN.splat $V)))" },
  { what: "as the greater by bits", body: "(IxN.extract_lane 0 (TxN.pmax (TxN.splat $V) (TxN.splat $V)))" },
  {
    what: "as a vector that is chosen",
    body: "(IxN.extract_lane 0 (select (TxN.splat $V) (TxN.splat $V) (i32.const 1)))",
  },
  { what: "as a vector out of a block", body: "(IxN.extract_lane 0 (block (result v128) (TxN.splat $V)))" },
];

type Width = 32 | 64;
/** A NaN with a payload and a sign of its own, at address 0. */
const ODD = { 32: 0xffe1_2345n, 64: 0xfff4_1234_5678_9abcn } as const;
/** The same after arithmetic in an engine that leaves it as it is, and the one that is to show. */
const CANONICAL = { 32: 0x7fc0_0000n, 64: 0x7ff8_0000_0000_0000n } as const;

/** The bits that `f` gives for a flow, when the value is made by `made`. */
function shown({ body, fields = "" }: Flow, width: Width, made: string, hasFloats = true): bigint {
  const [float, integer] = [`f${width}`, `i${width}`];
  const filled = (text: string) =>
    text
      .replaceAll("$V", made)
      .replaceAll("TxN", `${float}x${128 / width}`)
      .replaceAll("IxN", `${integer}x${128 / width}`)
      .replaceAll("storeN", `store${width}`)
      .replaceAll("reinterpret_T", `reinterpret_${float}`)
      .replace(/\bT\b/g, float)
      .replace(/\bW\b/g, integer);
  const locals = [...filled(body).matchAll(/\(local \$\w+ \w+\)/g)].map(([local]) => local).join(" ");
  const code = filled(body).replaceAll(/\(local \$\w+ \w+\)/g, "");
  const module = open(
    `(module (memory 1) (func (export "odd") (param ${integer}) (${integer}.store (i32.const 0) (local.get 0)))
      ${filled(fields)} (func (export "f") (result ${integer}) ${locals} ${code}))`,
    { rules: { hasFuel: true, hasFloats } },
  );
  module.call("odd", width === 32 ? Number(BigInt.asIntN(32, ODD[32])) : BigInt.asIntN(64, ODD[64]));
  return BigInt.asUintN(width, BigInt(module.call("f") as number | bigint));
}

const cases = FLOWS.flatMap((flow) => ([32, 64] as const).map((width) => ({ ...flow, width })));
const LOADED = "(T.load (i32.const 0))";
const COMPUTED = "(T.mul (T.load (i32.const 0)) (T.const 1))";

test.each(cases)("f$width: a NaN that arithmetic made shows as the canonical one $what", (flow) => {
  // As the engine gives it, its payload shows: were it not for preparation, so it would.
  expect(shown(flow, flow.width, COMPUTED, false)).not.toBe(CANONICAL[flow.width]);
  expect(shown(flow, flow.width, COMPUTED)).toBe(CANONICAL[flow.width]);
});

test.each(cases)("f$width: a NaN that was loaded keeps its bits $what", (flow) => {
  expect(shown(flow, flow.width, LOADED)).toBe(ODD[flow.width]);
});

test.each(cases)(
  "f$width: a NaN that was loaded keeps its bits $what beside arithmetic in the same function",
  (flow) => {
    const beside = `(block (result T) (T.store (i32.const 128) ${COMPUTED}) ${LOADED})`;
    expect(shown(flow, flow.width, beside)).toBe(ODD[flow.width]);
  },
);
