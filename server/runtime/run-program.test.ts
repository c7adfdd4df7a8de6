import { afterAll, expect, test } from "vitest";
import { asBytes, asText, createSandbox, PAGE } from "../../tests/support/sandbox.ts";
import { assemble, call, FREE, program } from "../../tests/support/wat.ts";

const sandbox = createSandbox();
afterAll(() => sandbox.close());

/** A program that prints a text, given as WebAssembly text escapes it. */
const printText = (escaped: string, length: number, after = "") =>
  program(`${call("print", FREE, length)} ${after}`, { fields: `(data (i32.const ${FREE}) "${escaped}")` });
/** Asks for one page after the other until it is refused. */
const GROW = "(loop $more (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))";

test("a program that returns completes with what it wrote", async () => {
  const result = await sandbox.run(printText("done", 4));
  expect(result).toMatchObject({ ending: "completed", output: asBytes("done") });
  expect(result.durationMs).toBeGreaterThanOrEqual(0);
});

test("proc_exit(0) completes with what was written before, and nothing after it runs", async () => {
  const result = await sandbox.run(
    printText("done", 4, `${call("proc_exit", 0)} ${call("print", FREE, 4)} unreachable`),
  );
  expect(result).toMatchObject({ ending: "completed", output: asBytes("done") });
});

test.each([
  [1, 1],
  [3, 3],
  [256, 256],
  [-1, 4_294_967_295],
])("proc_exit(%d) exits with that code and gives no output", async (code, exitCode) => {
  const result = await sandbox.run(printText("half", 4, call("proc_exit", code)));
  expect(result).toMatchObject({ ending: "exited", exitCode });
  expect(result).not.toHaveProperty("output");
});

test.each([
  ["unreachable", "unreachable", ""],
  ["integer divide by zero", "(drop (i32.div_s (i32.const 1) (i32.const 0)))", ""],
  ["integer divide by zero", "(drop (i64.rem_u (i64.const 1) (i64.const 0)))", ""],
  ["integer overflow", "(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))", ""],
  ["invalid conversion to integer", "(drop (i32.trunc_f32_s (f32.const nan)))", ""],
  ["out of bounds memory access", "(drop (i32.load (i32.const 65533)))", ""],
  ["out of bounds memory access", "(i64.store (i32.const -1) (i64.const 0))", ""],
  ["out of bounds memory access", "(memory.fill (i32.const 65535) (i32.const 0) (i32.const 2))", ""],
  [
    "out of bounds memory access",
    "(memory.init $d (i32.const 0) (i32.const 0) (i32.const 9))",
    '(data $d "abc")',
  ],
  ["out of bounds table access", "(call_indirect (i32.const 7))", "(table 1 funcref)"],
  ["out of bounds table access", "(drop (table.get $t (i32.const 7)))", "(table $t 1 funcref)"],
  [
    "indirect call type mismatch",
    "(call_indirect (i32.const 0))",
    "(table funcref (elem $f)) (func $f (param i64))",
  ],
  ["indirect call type mismatch", "(call_indirect (i32.const 0))", "(table 1 funcref)"],
  ["uncaught exception", "(throw $e)", "(tag $e)"],
])("a trap is named by the specification: %s by %s", async (trap, body, fields) => {
  expect(await sandbox.run(program(body, { fields }))).toMatchObject({ ending: "trapped", trap });
});

test("data that does not fit the memory at the start traps", async () => {
  const fields = '(data (i32.const 65535) "too long")';
  expect(await sandbox.run(program("", { fields }))).toMatchObject({
    ending: "trapped",
    trap: "out of bounds memory access",
  });
});

test("a trap in a start function is the program's end", async () => {
  expect(
    await sandbox.run(program("", { fields: "(func $begin unreachable) (start $begin)" })),
  ).toMatchObject({
    ending: "trapped",
    trap: "unreachable",
  });
});

test("a start function may exit", async () => {
  const fields = `(func $begin ${call("proc_exit", 5)}) (start $begin)`;
  expect(await sandbox.run(program("unreachable", { fields }))).toMatchObject({
    ending: "exited",
    exitCode: 5,
  });
});

test("recursion without end exhausts the stack, in a thread that still works after it", async () => {
  const endless = program("(call $down)", { fields: "(func $down (call $down) (call $down))" });
  for (let round = 0; round < 4; round += 1)
    expect(await sandbox.run(endless)).toMatchObject({ ending: "stack-exhausted" });
  expect(await sandbox.run(printText("done", 4))).toMatchObject({ ending: "completed" });
});

test("recursion through the host exhausts the stack too", async () => {
  const fields = `(func $down (drop (call $sched_yield)) ${call("log", FREE, 1)} (call $down) (call $down))`;
  expect(await sandbox.run(program("(call $down)", { fields }))).toMatchObject({ ending: "stack-exhausted" });
});

test("a program cannot catch the exhaustion of its stack", async () => {
  const body = `(try (do (call $down)) (catch_all ${call("print", FREE, 1)}))`;
  expect(
    await sandbox.run(program(body, { fields: "(func $down (call $down) (call $down))" })),
  ).toMatchObject({
    ending: "stack-exhausted",
  });
});

test("a flood of output is stopped at its limit", async () => {
  const flood = program(`(loop $more ${call("print", 0, PAGE)} (br $more))`);
  const result = await sandbox.run(flood);
  expect(result).toMatchObject({ ending: "output-limit" });
  expect(result).not.toHaveProperty("output");
});

test("output of exactly the limit completes, one byte more does not", async () => {
  const limits = { outputBytes: 8 };
  const twice = printText("abcd", 4, call("print", FREE, 4));
  expect(await sandbox.run(twice, { limits })).toMatchObject({
    ending: "completed",
    output: asBytes("abcdabcd"),
  });
  const onceMore = printText("abcd", 4, call("print", FREE, 4) + call("print", FREE, 1));
  expect(await sandbox.run(onceMore, { limits })).toMatchObject({ ending: "output-limit" });
});

test("a program cannot catch the limit of its output, and reach the caller with half of it", async () => {
  const caught = printText("abcd", 4, `(try (do ${call("print", 0, PAGE)}) (catch_all))`);
  expect(await sandbox.run(caught, { limits: { outputBytes: 8 } })).toMatchObject({ ending: "output-limit" });
});

test("a log longer than its limit is cut without a word to the program", async () => {
  const body = `${call("log", FREE, 6)} (if (i32.ne (i32.load (i32.const 8)) (i32.const 6)) (then unreachable))
    ${call("log", FREE, 6)}`;
  const result = await sandbox.run(program(body, { fields: `(data (i32.const ${FREE}) "123456")` }), {
    limits: { logBytes: 8 },
  });
  expect(result.ending).toBe("completed");
  expect(asText(result.log)).toBe("12345612");
});

test("the log is kept whatever the ending", async () => {
  const fields = `(data (i32.const ${FREE}) "why")`;
  for (const failure of [
    "unreachable",
    call("proc_exit", 1),
    `${GROW} unreachable`,
    call("print", 0, PAGE),
  ]) {
    const limits = { outputBytes: 8 };
    const result = await sandbox.run(program(`${call("log", FREE, 3)} ${failure}`, { fields }), { limits });
    expect(result.ending).not.toBe("completed");
    expect(asText(result.log)).toBe("why");
  }
});

test("a catch_all cannot swallow proc_exit: nothing more goes out, and the first code stands", async () => {
  const attempts = `(try (do ${call("proc_exit", 3)}) (catch_all))
    (try (do ${call("print", FREE, 4)}) (catch_all))
    (try (do ${call("log", FREE, 4)}) (catch_all))
    (try (do ${call("proc_exit", 0)}) (catch_all))`;
  const result = await sandbox.run(program(attempts));
  expect(result).toMatchObject({ ending: "exited", exitCode: 3 });
  expect(result.log).toHaveLength(0);
});

test.each([
  ["traps", "unreachable"],
  ["uses up its stack", "(call $down)"],
  ["throws", "(throw $e)"],
])("what ended a program first stands, though it goes on and %s", async (_what, afterwards) => {
  const fields = "(tag $e) (func $down (call $down) (call $down))";
  const exiting = `(try (do ${call("proc_exit", 3)}) (catch_all)) ${afterwards}`;
  expect(await sandbox.run(program(exiting, { fields }))).toMatchObject({ ending: "exited", exitCode: 3 });
  const flooding = `(try (do ${call("print", 0, 9)}) (catch_all)) ${afterwards}`;
  const limits = { outputBytes: 8 };
  expect(await sandbox.run(program(flooding, { fields }), { limits })).toMatchObject({
    ending: "output-limit",
  });
});

test("a catch_all around proc_exit is not reached, and a loop around both ends with the first exit", async () => {
  const forever = (code: number) =>
    program(`(loop $again (try (do ${call("proc_exit", code)}) (catch_all)) (br $again))`);
  // Its page, its entry, an iteration with the exit's code and call, and the call itself.
  const fuelUsed = PAGE / 8 + 1 + 6 + 500;
  expect(await sandbox.run(forever(0))).toMatchObject({ ending: "completed", fuelUsed });
  expect(await sandbox.run(forever(3))).toMatchObject({ ending: "exited", exitCode: 3, fuelUsed });
});

test("an exit through a table or a tail call ends the program before anything more goes out", async () => {
  const fields = "(table funcref (elem $proc_exit)) (func $leave (return_call $proc_exit (i32.const 4)))";
  for (const exit of ["(call_indirect (param i32) (i32.const 4) (i32.const 0))", "(call $leave)"]) {
    const more = `${call("log", FREE, 4)} ${call("print", FREE, 4)} (loop $l (br $l))`;
    const result = await sandbox.run(program(`${exit} ${more}`, { fields }));
    expect(result).toMatchObject({ ending: "exited", exitCode: 4, log: new Uint8Array() });
  }
});

test.each([
  ["exits", call("proc_exit", 1)],
  ["exits with 0", call("proc_exit", 0)],
  ["traps", "unreachable"],
  ["throws", "(throw $e)"],
  ["passes the limit of its output", call("print", 0, 1_000)],
])("the fuel of a program that %s is counted up to there, in every run the same", async (_what, ending) => {
  const wat = program(`(drop ${call("sched_yield")}) ${ending} (drop ${call("sched_yield")})`, {
    fields: "(tag $e)",
  });
  const used = new Set<number | null>();
  for (let round = 0; round < 4; round += 1) {
    const result = await sandbox.run(wat, { limits: { outputBytes: 8 } });
    expect(result.ending).not.toBe("out-of-fuel");
    used.add("fuelUsed" in result ? result.fuelUsed : null);
  }
  expect(used.size).toBe(1);
  const [fuel = null] = used;
  expect(fuel).toBeGreaterThanOrEqual(PAGE / 8 + 500);
  expect(fuel).toBeLessThan(PAGE / 8 + 2_000);
});

test("a payload that does not fit the schema never reaches the program", async () => {
  const json = JSON.stringify({ type: "object", required: ["n"], properties: { n: { type: "integer" } } });
  const inputSchema = { digest: "schema of n", json };
  const loud = program(`${call("log", FREE, 1)} unreachable`);
  const refused = await sandbox.run(loud, { input: '{"n":"one"}', inputSchema });
  expect(refused).toMatchObject({ ending: "invalid-input", problems: ["/n must be integer"] });
  expect(refused.log).toHaveLength(0);
  expect(await sandbox.run(loud, { input: '{"n":1}', inputSchema })).toMatchObject({ ending: "trapped" });
});

test.each([
  ["nothing", "", 0],
  ["half a text", '{\\"a\\":', 5],
  ["two texts", "1 2", 3],
  ["a raw zero byte in a string", "\\22\\00\\22", 3],
  ["bytes that are no UTF-8", "\\22\\ff\\22", 3],
  ["a byte order mark", "\\ef\\bb\\bf1", 4],
])("output that is %s is no valid JSON", async (_what, escaped, length) => {
  for (const outputContentType of ["application/json", "application/problem+json"])
    expect(await sandbox.run(printText(escaped, length), { outputContentType })).toMatchObject({
      ending: "invalid-output",
    });
  expect(await sandbox.run(printText(escaped, length))).toMatchObject({ ending: "completed" });
});

test("JSON with an escaped zero completes with those very bytes", async () => {
  const json = String.raw`{"a":"\u0000"}`;
  const escaped = json.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
  const result = await sandbox.run(printText(escaped, json.length), {
    outputContentType: "application/json",
  });
  expect(result).toMatchObject({ ending: "completed", output: asBytes(json) });
});

test.each(["text/plain", "image/svg+xml"])("output of %s has to be UTF-8", async (outputContentType) => {
  expect(await sandbox.run(printText("\\ff\\fe", 2), { outputContentType })).toMatchObject({
    ending: "invalid-output",
  });
  expect(await sandbox.run(printText("<a", 2), { outputContentType })).toMatchObject({ ending: "completed" });
});

test("a failed program's ending stands, whatever it printed", async () => {
  const result = await sandbox.run(printText("{", 1, call("proc_exit", 2)), {
    outputContentType: "application/json",
  });
  expect(result).toMatchObject({ ending: "exited", exitCode: 2 });
});

test("each run begins afresh: memory, globals, tables and segments of another are not seen", async () => {
  const fields = `(global $runs (mut i32) (i32.const 0)) (table $t 2 funcref) (elem func $f) (func $f)
    (data (i32.const 128) "\\05") (data $late "x")`;
  const body = `
    (if (i32.eqz (ref.is_null (table.get $t (i32.const 0)))) (then unreachable))
    (table.set $t (i32.const 0) (ref.func $f))
    (memory.init $late (i32.const 256) (i32.const 0) (i32.const 1)) (data.drop $late)
    (global.set $runs (i32.add (global.get $runs) (i32.const 1)))
    (i32.store (i32.const 128) (i32.add (i32.load (i32.const 128)) (i32.const 1)))
    (i32.store (i32.const ${FREE}) (global.get $runs))
    (i32.store (i32.const ${FREE + 4}) (i32.load (i32.const 128)))
    (i32.store (i32.const ${FREE + 8}) (memory.grow (i32.const 1)))
    ${call("print", FREE, 12)}`;
  const counter = assemble(program(body, { fields }));
  for (let round = 0; round < 6; round += 1)
    expect([...(await sandbox.output(counter))]).toEqual([1, 0, 0, 0, 6, 0, 0, 0, 1, 0, 0, 0]);
});
