import { createHash } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { createSandbox, runHere, type RunOptions } from "../../tests/support/sandbox.ts";
import { assemble, call, FREE, program } from "../../tests/support/wat.ts";
import type { RunResult } from "./types.ts";

const sandbox = createSandbox({ threads: 3, maxQueue: 1_000 });
afterAll(() => sandbox.close());

const times = (count: number, body: string) =>
  `(loop $again ${body} (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const ${count}))))`;
const clock = (id: number, at: number) =>
  `(drop (call $clock_time_get (i32.const ${id}) (i64.const 0) (i32.const ${at})))`;
const SEED = Uint8Array.from({ length: 32 }, (_, i) => i);

interface Program {
  readonly what: string;
  readonly wat: string;
  readonly ending: RunResult["ending"];
  readonly options?: RunOptions;
}

/** Programs that ask for whatever might differ from one run to another. */
const PROGRAMS: readonly Program[] = [
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
function essence(result: RunResult): string {
  const { durationMs: _durationMs, ...rest } = result;
  return JSON.stringify(rest, (_key, value: unknown) =>
    value instanceof Uint8Array ? createHash("sha256").update(value).digest("hex") : value,
  );
}

test.each(PROGRAMS)(
  "a program that $what does the same in every run and thread",
  async ({ wat, ending, options = {} }) => {
    const module = assemble(wat);
    const here = runHere(module, options);
    expect(here).toMatchObject({ ending });
    const request = await sandbox.request(module, options);
    const results = await Promise.all(
      Array.from({ length: 24 }, (_, i) =>
        sandbox.runtime.run({ ...request, runId: `${request.moduleDigest}-${i}` }),
      ),
    );
    for (const result of results) expect(essence(result)).toBe(essence(here));
  },
);

test.each(PROGRAMS)("a program that $what does the same when it has become hot", ({ wat, options = {} }) => {
  const module = assemble(wat);
  const first = essence(runHere(module, options));
  for (let round = 0; round < 60; round += 1) expect(essence(runHere(module, options))).toBe(first);
});

test("what is random or told by a clock is another for another seed or instant", () => {
  const [clocks, random] = PROGRAMS;
  const outputOf = (wat = "", options: RunOptions = {}) => essence(runHere(wat, options));
  expect(outputOf(random?.wat, { seed: SEED })).not.toBe(outputOf(random?.wat, { seed: new Uint8Array(32) }));
  expect(outputOf(clocks?.wat, { clockMicros: 1 })).not.toBe(outputOf(clocks?.wat, { clockMicros: 2 }));
});

test("the same module has the same digest, however often it is prepared", async () => {
  const wat = program(call("print", FREE, 4));
  const digests = new Set<string>();
  for (let i = 0; i < 5; i += 1) digests.add((await sandbox.request(wat)).moduleDigest);
  expect(digests.size).toBe(1);
});
