import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { createSandbox, LIMITS, prepare, runHere, type RunOptions } from "../../tests/support/sandbox.ts";
import { assemble, call, FREE, program } from "../../tests/support/wat.ts";

const sandbox = createSandbox({ threads: 3, maxQueue: 1_000 });
afterAll(() => sandbox.close());

const times = (count: number, body: string) =>
  `(loop $again ${body} (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const ${count}))))`;
const looping = (count: number, body: string, fields = "") =>
  program(`(local $i i32) ${times(count, body)} ${call("print", FREE, 4)}`, { fields });

/** Programs that use fuel in every way there is. */
const CORPUS: readonly (readonly [what: string, wat: string])[] = [
  ["that does nothing", program("")],
  ["that counts", looping(5_000, "")],
  [
    "that calls the host",
    looping(50, `(drop ${call("sched_yield")}) (drop ${call("random_get", FREE, 16)})`),
  ],
  ["that writes", looping(30, call("print", FREE, 40) + call("log", FREE, 9))],
  ["that moves memory", looping(100, "(memory.copy (i32.const 64) (i32.const 999) (i32.const 5000))")],
  ["that grows its memory until it is refused", looping(20, "(drop (memory.grow (i32.const 1)))")],
  [
    "that grows a table",
    looping(90, "(drop (table.grow (ref.null func) (i32.const 7)))", "(table 1 funcref)"),
  ],
  ["that throws and catches", looping(200, "(try (do (throw $e)) (catch_all))", "(tag $e)")],
  [
    "that recurs",
    looping(
      3,
      "(call $down (i32.const 300))",
      "(func $down (param i32) (if (local.get 0) (then (call $down (i32.sub (local.get 0) (i32.const 1))))))",
    ),
  ],
  [
    "that computes with floats",
    looping(3_000, "(f64.store (i32.const 64) (f64.sqrt (f64.add (f64.load (i32.const 64)) (f64.const 1))))"),
  ],
  [
    "of loops inside loops, left in every way",
    program(
      `(local $i i32) (local $j i32) (loop $l (local.set $j (i32.const 0))
        (block $out (loop $m (br_if $out (i32.gt_u (local.get $j) (local.get $i)))
          (local.set $j (i32.add (local.get $j) (i32.const 1)))
          (br_table $m $m $l $out $m (select (i32.const 3) (local.get $j)
            (i32.gt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 6000))))))
        (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 3))) (i32.const 9000))))
      ${call("print", FREE, 4)}`,
    ),
  ],
  [
    "that does all of its work at its start",
    program("", { fields: `(func $begin (local $i i32) ${times(999, "")}) (start $begin)` }),
  ],
];
const needOf = (wat: string, options: RunOptions = {}) => {
  const result = runHere(wat, options);
  expect(result).toMatchObject({ ending: "completed" });
  return result.fuelUsed;
};

test.each(CORPUS)(
  "a program %s completes with exactly the fuel it needs, and not with one unit less",
  (_what, wat) => {
    const need = needOf(wat);
    expect(need).toBeGreaterThan(0);
    expect(runHere(wat, { limits: { fuel: need } })).toMatchObject({ ending: "completed", fuelUsed: need });
    expect(runHere(wat, { limits: { fuel: need - 1 } })).toMatchObject({
      ending: "out-of-fuel",
      fuelUsed: need - 1,
    });
  },
);

test.each(CORPUS)(
  "a program %s that is stopped for want of fuel used exactly its limit, whatever that is",
  (_what, wat) => {
    const need = needOf(wat);
    const limits = [...Array(50).keys()].map((i) => i + 1);
    for (let i = 1; i < 100; i += 1) limits.push(Math.max(Math.floor((need * i) / 100), 1));
    for (let i = 1; i <= 50; i += 1) limits.push(Math.max(need - i, 1));
    for (const fuel of limits) {
      const result = runHere(wat, { limits: { fuel } });
      expect(result).toMatchObject({ ending: "out-of-fuel", fuelUsed: fuel });
      expect(result).not.toHaveProperty("output");
    }
  },
);

const { fuel: PLENTY } = LIMITS;
const ENDLESS: readonly (readonly [what: string, wat: string])[] = [
  ["a loop without calls", program("(loop $l (br $l))")],
  ["a loop that only branches by a table", program("(loop $l (br_table $l $l $l (i32.const 1)))")],
  ["a loop inside a loop that never ends", program("(loop $l (loop $m (br_if $m (i32.const 0))) (br $l))")],
  ["a loop of blocks", program("(loop $l (block $b (br_if $b (i32.const 1))) (br $l))")],
  ["a start function", program("", { fields: "(func $begin (loop $l (br $l))) (start $begin)" })],
  ["a handler", program("(try (do (throw $e)) (catch_all (loop $l (br $l))))", { fields: "(tag $e)" })],
  [
    "a loop that is thrown back to its start",
    program("(loop $l (block $h (try_table (catch_all $h) (throw $e))) (br $l))", { fields: "(tag $e)" }),
  ],
  [
    "a loop that catches by its own label",
    program("(loop $l (try_table (catch_all $l) (throw $e)))", { fields: "(tag $e)" }),
  ],
  ["tail calls of itself", program("(return_call $f)", { fields: "(func $f (return_call $f))" })],
  [
    "tail calls by a table",
    program("(return_call $f)", {
      fields: "(table funcref (elem $f)) (func $f (return_call_indirect (i32.const 0)))",
    }),
  ],
  [
    "calls of two functions in turn",
    program("(return_call $f)", { fields: "(func $f (return_call $g)) (func $g (return_call $f))" }),
  ],
  ["calls of the host", program(`(loop $l (drop ${call("sched_yield")}) (br $l))`)],
  [
    "calls of the host by a table",
    program("(loop $l (drop (call_indirect (result i32) (i32.const 0))) (br $l))", {
      fields: "(table funcref (elem $sched_yield))",
    }),
  ],
  ["growth that is refused", program("(loop $l (drop (memory.grow (i32.const -1))) (br $l))")],
  [
    "bulk operations of no length",
    program("(loop $l (memory.fill (i32.const 0) (i32.const 0) (i32.const 0)) (br $l))"),
  ],
  [
    "a catch_all around its own want of fuel",
    program("(loop $l (try (do (loop $m (br $m))) (catch_all)) (br $l))"),
  ],
];

test.each(ENDLESS)("%s without end is stopped by its fuel", (_what, wat) => {
  expect(runHere(wat, { limits: { fuel: 2_000_000 } })).toMatchObject({
    ending: "out-of-fuel",
    fuelUsed: 2_000_000,
  });
});

test("a program that goes on without end is stopped in a thread of the pool, which answers the next run", async () => {
  const limits = { fuel: 100_000_000 };
  const endless = await Promise.all(ENDLESS.map(([, wat]) => sandbox.run(wat, { limits })));
  for (const result of endless)
    expect(result).toMatchObject({ ending: "out-of-fuel", fuelUsed: limits.fuel });
});

test.each(CORPUS)(
  "a program %s uses the same fuel in every thread, on fresh and on reused instances",
  async (_what, wat) => {
    const expected = needOf(wat);
    const results = await Promise.all(Array.from({ length: 30 }, () => sandbox.run(wat)));
    for (const result of results) expect(result).toMatchObject({ ending: "completed", fuelUsed: expected });
  },
);

test("code that has become hot uses the same fuel as when it was cold", () => {
  const wat = looping(
    50,
    `(f64.store (i32.const ${FREE}) (f64.div (f64.load (i32.const ${FREE})) (f64.const 0)))`,
  );
  const module = assemble(wat);
  const [first, ...rest] = Array.from({ length: 5_000 }, () => runHere(module));
  for (const result of rest) {
    expect(result.fuelUsed).toBe(first?.fuelUsed);
    expect(result).toMatchObject({ ending: "completed" });
  }
});

/** Runs the corpus in another process and prints, for each program, its fuel, with a limit and without. */
const ELSEWHERE = `
  const { runProgram } = await import(process.argv[1]);
  const { buffer } = await import("node:stream/consumers");
  const tasks = JSON.parse((await buffer(process.stdin)).toString());
  const used = tasks.map(({ module, ...rest }) => {
    const compiled = new WebAssembly.Module(Buffer.from(module, "base64"));
    return [rest.limits, { ...rest.limits, fuel: 9_000 }].map((limits) => {
      const given = { ...rest, limits, module: compiled, input: new Uint8Array(), seed: new Uint8Array(32) };
      const { ending, fuelUsed } = runProgram(given);
      return [ending, fuelUsed];
    });
  });
  console.log(JSON.stringify(used));`;

test.each([
  ["with the flags of the platform", []],
  ["where everything is compiled by the optimising compiler", ["--no-liftoff"]],
  ["where nothing is ever optimised", ["--liftoff-only"]],
])("a new process %s uses the same fuel", async (_what, flags) => {
  const tasks = CORPUS.map(([what, wat]) => {
    const { prepared, preparedDigest } = prepare(wat);
    return {
      module: Buffer.from(prepared).toString("base64"),
      moduleDigest: preparedDigest,
      runId: what,
      args: ["test"],
      env: {},
      clockMicros: 1,
      limits: LIMITS,
      outputContentType: "application/octet-stream",
    };
  });
  const script = fileURLToPath(new URL("./run-program.ts", import.meta.url));
  const child = promisify(execFile)(process.execPath, [
    ...flags,
    "--input-type=module",
    "-e",
    ELSEWHERE,
    script,
  ]);
  child.child.stdin?.end(JSON.stringify(tasks));
  const { stdout } = await child;
  const here = CORPUS.map(([, wat]) =>
    [PLENTY, 9_000].map((fuel) => {
      const { ending, fuelUsed } = runHere(wat, { limits: { fuel } });
      return [ending, fuelUsed];
    }),
  );
  expect(JSON.parse(stdout)).toEqual(here);
});
