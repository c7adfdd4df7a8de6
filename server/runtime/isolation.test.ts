import { afterAll, expect, test } from "vitest";
import { asText, createSandbox, runHere, type RunOptions } from "../../tests/support/sandbox.ts";
import { assemble, call, program } from "../../tests/support/wat.ts";

const sandbox = createSandbox({ threads: 2, maxQueue: 2_000 });
afterAll(() => sandbox.close());

const PAGES = 2;
const BYTES = PAGES * 65_536;
const [PRINT, INPUT] = [1_024, 2_048];

/**
 * A program that first logs a print of all that it finds, and then does what its input says: leaves a secret wherever
 * it can, and grows, exits, traps, throws, loops or recurs. `more` looks into what else a module has; `leave` fills it.
 */
function looker({ fields = "", more = "", leave = "" } = {}): Uint8Array {
  const mix = (value: string) =>
    `(global.set $print (i64.add (i64.mul (global.get $print) (i64.const 0x100000001b3)) ${value}))`;
  const when = (letter: string, body: string) =>
    `(if (i32.eq (i32.load8_u (i32.const ${INPUT + 1})) (i32.const ${letter.charCodeAt(0)})) (then ${body}))`;
  const body = `(local $at i32) (local $secret i64)
    ${mix("(i64.extend_i32_u (memory.size))")} ${mix("(i64.extend_i32_s (global.get $small))")}
    ${mix("(global.get $large)")} ${mix("(i64.extend_i32_u (global.get $stack))")}
    (loop $look ${mix("(i64.load (local.get $at))")}
      (br_if $look (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 8))) (i32.const ${BYTES}))))
    ${more}
    (i64.store (i32.const ${PRINT}) (global.get $print)) ${call("log", PRINT, 8)}
    (i32.store (i32.const 16) (i32.const ${INPUT})) (i32.store (i32.const 20) (i32.const 16))
    (drop ${call("fd_read", 0, 16, 1, 24)})
    (if (i32.eq (i32.load8_u (i32.const ${INPUT})) (i32.const 33)) (then
      (local.set $secret (i64.load (i32.const ${INPUT + 2})))
      (global.set $small (i32.wrap_i64 (local.get $secret))) (global.set $large (local.get $secret))
      (global.set $stack (i32.sub (global.get $stack) (i32.const 4096)))
      ${leave}
      (local.set $at (i32.const 4096))
      (loop $write (i64.store (local.get $at) (local.get $secret))
        (br_if $write (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 8))) (i32.const ${BYTES}))))))
    ${when("g", "(drop (memory.grow (i32.const 3))) (i64.store (i32.mul (i32.const 65536) (i32.const 4)) (i64.const -1))")}
    ${when("x", call("proc_exit", 3))} ${when("t", "unreachable")} ${when("e", "(throw $e)")}
    ${when("f", "(loop $for_ever (br $for_ever))")} ${when("d", "(call $down)")}`;
  return assemble(
    program(body, {
      memory: `${PAGES} 8`,
      fields: `(tag $e) (func $down (call $down) (call $down)) (global $print (mut i64) (i64.const 0))
        (global $small (mut i32) (i32.const -7)) (global $large (mut i64) (i64.const 0x123456789abcdef))
        (global $stack (mut i32) (i32.const 65536)) (data (i32.const 9000) "the image") ${fields}`,
    }),
  );
}

const MODULES: readonly (readonly [what: string, module: Uint8Array])[] = [
  ["a module that can be restored", looker()],
  ["another one, of other data", looker({ fields: '(data (i32.const 100000) "other")' })],
  [
    "a module with a start function",
    looker({
      fields:
        "(func $begin (i32.store (i32.const 9100) (i32.add (i32.load (i32.const 9100)) (i32.const 5)))) (start $begin)",
    }),
  ],
  [
    "a module that writes to its table",
    looker({
      fields: "(table $t 4 funcref) (elem declare func $print)",
      more: "(if (i32.eqz (ref.is_null (table.get $t (i32.const 1)))) (then (global.set $print (i64.const 1))))",
      leave: "(table.set $t (i32.const 1) (ref.func $print))",
    }),
  ],
  [
    "a module that drops a segment",
    looker({
      fields: '(data $late "late")',
      more: "(memory.init $late (i32.const 9200) (i32.const 0) (i32.const 4))",
      leave: "(data.drop $late)",
    }),
  ],
  [
    "a module with globals of floats and vectors",
    looker({
      fields:
        "(global $float (mut f64) (f64.const nan:0x123)) (global $vector (mut v128) (v128.const i64x2 5 6))",
      more: `(global.set $print (i64.add (global.get $print) (i64.reinterpret_f64 (global.get $float))))
        (global.set $print (i64.add (global.get $print) (i64x2.extract_lane 1 (global.get $vector))))`,
      leave: `(global.set $float (f64.reinterpret_i64 (local.get $secret)))
        (global.set $vector (i64x2.splat (local.get $secret)))`,
    }),
  ],
];

/** What a run does after it has looked, and how it ends. */
const ACTS: Readonly<Record<string, string>> = {
  n: "completed",
  g: "completed",
  x: "exited",
  t: "trapped",
  e: "trapped",
  f: "out-of-fuel",
  d: "stack-exhausted",
};
const LETTERS = Object.keys(ACTS);

/** The input of a run that leaves a secret of its own, or only looks. */
const inputOf = (act: string, secret: number | null) =>
  Buffer.concat([Buffer.from(secret === null ? "?" : "!"), Buffer.from(act), Buffer.alloc(8, secret ?? 0)]);
const printOf = ({ log }: { readonly log: Uint8Array }) => Buffer.from(log).toString("hex");
const given = (act: string, secret: number | null): RunOptions => ({
  input: inputOf(act, secret),
  limits: { fuel: 20_000_000 },
});

test("a thousand runs of several modules in turn, whatever they leave and however they end, find nothing of each other", async () => {
  const fresh = MODULES.map(([, module]) => printOf(runHere(module, given("n", null))));
  // The print is of what was found: other data, another print.
  expect(new Set(fresh).size).toBeGreaterThan(3);
  const requests = await Promise.all(MODULES.map(([, module]) => sandbox.request(module)));
  const runs = Array.from({ length: 1_000 }, async (_, i) => {
    const which = (i * 7 + (i >> 3)) % MODULES.length;
    // Endless loops are the slow ones: a few of them are enough.
    const act = i % 100 === 0 ? "f" : (LETTERS.filter((letter) => letter !== "f")[(i * 5) % 6] ?? "n");
    const request = requests[which];
    if (request === undefined) throw new Error("there is no such module");
    const result = await sandbox.runtime.run({
      ...request,
      runId: `interleaved-${i}`,
      input: inputOf(act, i % 3 === 0 ? null : (i % 255) + 1),
      limits: { ...request.limits, fuel: 20_000_000, wallMs: 30_000 },
    });
    expect(result, `run ${i}`).toMatchObject({ ending: ACTS[act] });
    expect(printOf(result), `run ${i} of ${MODULES[which]?.[0]}`).toBe(fresh[which]);
  });
  await Promise.all(runs);
});

test.each(MODULES)("%s: whatever one run did, the next one in the same thread is fresh", (_what, module) => {
  const fresh = runHere(module, given("n", null));
  for (const act of LETTERS) {
    const after = runHere(module, given(act, 0xaa));
    expect(after).toMatchObject({ ending: ACTS[act] });
    const next = runHere(module, given("n", null));
    expect(printOf(next), `after ${act}`).toBe(printOf(fresh));
    expect(next.fuelUsed).toBe(fresh.fuelUsed);
  }
});

test("a secret that was left is really there for the run that left it", () => {
  // The same look twice within one run: the second finds what was written in between.
  const twice = assemble(
    program(`${call("log", 4_096, 1)} (i32.store8 (i32.const 4096) (i32.const 65)) ${call("log", 4_096, 1)}`),
  );
  for (let round = 0; round < 3; round += 1) expect(asText(runHere(twice).log)).toBe("\0A");
});
