import { afterAll, expect, test } from "vitest";
import { asBytes, asText, createSandbox, PAGE } from "../../../tests/support/sandbox.ts";
import { call, program } from "../../../tests/support/wat.ts";
import { Streams } from "./streams.ts";

const sandbox = createSandbox();
afterAll(() => sandbox.close());

const [SUCCESS, BADF, FAULT, INVAL, NOTCAPABLE] = [0, 8, 21, 28, 76];
const low = (at: number) => `(i32.load (i32.const ${at}))`;

/** Writes a vector of buffers at `at`, each as [pointer, length]. */
const vectors = (at: number, ...buffers: readonly (readonly [number, number])[]) =>
  buffers
    .flat()
    .map((value, i) => `(i32.store (i32.const ${at + 4 * i}) (i32.const ${value}))`)
    .join(" ");
/** A function that writes a vector, makes a call and gives its errno. */
const attempt = (name: string, prepare: string, made: string) =>
  `(func $${name} (result i32) ${prepare} ${made})`;

/** stdin to stdout, `step` bytes at a time, until nothing more comes. */
const copy = (step: number) =>
  program(`(loop $more
    ${vectors(16, [1024, step])}
    (if (i32.ne ${call("fd_read", 0, 16, 1, 24)} (i32.const 0)) (then unreachable))
    (if (i32.load (i32.const 24)) (then (call $print (i32.const 1024) ${low(24)}) (br $more))))`);

test.each([1, 3, 7, 60_000])("stdin reaches stdout whole in steps of %d bytes", async (step) => {
  const input = Uint8Array.from({ length: 5_000 }, (_, i) => (i * 7) % 256);
  expect(Buffer.compare(await sandbox.output(copy(step), { input }), input)).toBe(0);
});

test("an empty stdin is at its end at once, and stays there", async () => {
  const read = call("fd_read", 0, 16, 1, 24);
  const fields = attempt("twice", vectors(16, [1024, 8]), `(drop ${read}) ${read}`);
  expect(await sandbox.values(["(call $twice)", low(24)], { fields, input: "" })).toEqual([SUCCESS, 0]);
  expect(await sandbox.output(copy(8), { input: "" })).toHaveLength(0);
});

test("one read fills several buffers in their order and stops where the input ends", async () => {
  const body = `${vectors(16, [1024, 3], [2048, 0], [3072, 4], [4096, 9])}
    (drop ${call("fd_read", 0, 16, 4, 64)})
    ${call("print", 1024, 4)} ${call("print", 3072, 5)} ${call("print", 4096, 3)} ${call("print", 64, 4)}`;
  expect(asText(await sandbox.output(program(body), { input: "abcdefghi" }))).toBe(
    "abc\0defg\0hi\0\x09\0\0\0",
  );
});

test("one write takes several buffers in their order and says how much it took", async () => {
  const body = `${vectors(16, [1024, 3], [2048, 0], [1024, 1], [1026, 3])}
    (drop ${call("fd_write", 1, 16, 4, 64)}) ${call("print", 64, 4)}`;
  const fields = '(data (i32.const 1024) "abcde")';
  expect(asText(await sandbox.output(program(body, { fields })))).toBe("abcacde\x07\0\0\0");
});

test("what was written stays as it was, whatever the program does with its buffer afterwards", async () => {
  const body = `${call("print", 1024, 2)} (i32.store8 (i32.const 1024) (i32.const 66)) ${call("print", 1024, 2)}`;
  expect(asText(await sandbox.output(program(body, { fields: '(data (i32.const 1024) "AC")' })))).toBe(
    "ACBC",
  );
});

test("a memory that grew between two calls is read and written at its new end", async () => {
  const at = 2 * PAGE - 2;
  const body = `${call("print", at % PAGE, 0)} (drop (memory.grow (i32.const 1))) ${vectors(16, [at, 2])}
    (drop ${call("fd_read", 0, 16, 1, 24)}) ${call("print", at, 2)}`;
  expect(asText(await sandbox.output(program(body), { input: "ok" }))).toBe("ok");
});

test("sixteen million empty vectors are refused, a thousand times over, before any is looked at", async () => {
  const body = `(local $i i32) (local $errno i32)
    (loop $again
      (local.set $errno (call $fd_write (i32.const 1) (i32.const 0) (i32.const 16000000) (i32.const 8)))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 1000))))
    (i32.store (i32.const 64) (local.get $errno)) ${call("print", 64, 4)}`;
  const limits = { memoryBytes: 2_048 * PAGE, wallMs: 5_000 };
  expect([...(await sandbox.output(program(body, { memory: "2000" }), { limits }))]).toEqual([
    INVAL,
    0,
    0,
    0,
  ]);
});

test.each(["fd_read", "fd_write"])("%s takes 1024 vectors and no more", async (name) => {
  const fd = name === "fd_read" ? 0 : 2;
  expect(
    await sandbox.values([
      call(name, fd, 1024, 1024, 64),
      call(name, fd, 1024, 1025, 64),
      call(name, fd, 1024, -1, 64),
    ]),
  ).toEqual([SUCCESS, INVAL, INVAL]);
});

test.each(["fd_read", "fd_write"])(
  "%s answers a fault for whatever lies outside the memory",
  async (name) => {
    const fd = name === "fd_read" ? 0 : 2;
    const bad = (label: string, buffer: readonly [number, number]) =>
      attempt(label, vectors(16, buffer), call(name, fd, 16, 1, 64));
    const fields = [
      bad("long", [PAGE - 4, 5]),
      bad("far", [-1, 1]),
      bad("wide", [4, -1]),
      bad("edge", [PAGE, 0]),
    ].join("");
    expect(
      await sandbox.values(
        [
          call(name, fd, PAGE - 7, 1, 64),
          call(name, fd, -8, 1, 64),
          call(name, fd, 16, 1, PAGE - 3),
          "(call $long)",
          "(call $far)",
          "(call $wide)",
          "(call $edge)",
        ],
        { fields },
      ),
    ).toEqual([FAULT, FAULT, FAULT, FAULT, FAULT, FAULT, SUCCESS]);
  },
);

test("stdin cannot be written, stdout and stderr cannot be read, and nothing else is open", async () => {
  expect(
    await sandbox.values([
      call("fd_write", 0, 16, 1, 64),
      call("fd_read", 1, 16, 1, 64),
      call("fd_read", 2, 16, 1, 64),
      call("fd_write", 3, 16, 1, 64),
      call("fd_read", -1, 16, 1, 64),
    ]),
  ).toEqual([NOTCAPABLE, NOTCAPABLE, NOTCAPABLE, BADF, BADF]);
});

test("stdout and stderr are kept apart", async () => {
  const body = `${call("print", 1024, 3)} ${call("log", 1027, 3)} ${call("print", 1030, 3)} ${call("log", 1033, 3)}`;
  const result = await sandbox.run(program(body, { fields: '(data (i32.const 1024) "one-2-two-4-")' }));
  expect(result).toMatchObject({ ending: "completed", output: asBytes("onetwo"), log: asBytes("-2--4-") });
});

test("a limit of no log at all keeps none", async () => {
  const result = await sandbox.run(program(call("log", 1024, 3)), { limits: { logBytes: 0 } });
  expect(result).toMatchObject({ ending: "completed", log: new Uint8Array() });
});

test("output written byte by byte comes out whole", async () => {
  const body = `(local $i i32) (loop $more (i32.store8 (i32.const 64) (local.get $i)) ${call("print", 64, 1)}
    (br_if $more (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 100000))))`;
  const output = await sandbox.output(program(body));
  expect(
    Buffer.compare(
      output,
      Uint8Array.from({ length: 100_000 }, (_, i) => i % 256),
    ),
  ).toBe(0);
});

const streams = (outputBytes: number, logBytes = 0, input = "") =>
  new Streams(asBytes(input), { outputBytes, logBytes });
const piece = (length: number, first = 0) => Uint8Array.from({ length }, (_, i) => (first + i) % 256);

test("pieces of all sizes come out one behind the other, up to the limit and not beyond", () => {
  const limit = 100_000;
  const out = streams(limit);
  const expected: number[] = [];
  for (let length = 0; expected.length + length <= limit; length += 1) {
    expect(out.write(piece(length, length))).toBe(true);
    expected.push(...piece(length, length));
  }
  const rest = limit - expected.length;
  expect(out.write(piece(rest + 1))).toBe(false);
  expect(out.output).toEqual(Uint8Array.from(expected));
  expect(out.write(piece(rest))).toBe(true);
  expect(out.output).toHaveLength(limit);
  expect(out.write(piece(0))).toBe(true);
  expect(out.write(piece(1))).toBe(false);
});

test("a million pieces of one byte take no longer than their sum", () => {
  const out = streams(1_048_576);
  const startedAt = performance.now();
  for (let i = 0; i < 1_048_576; i += 1) out.write(Uint8Array.of(i));
  expect(performance.now() - startedAt).toBeLessThan(3_000);
  expect(Buffer.compare(out.output, piece(1_048_576))).toBe(0);
});

test("a limit smaller than what is first set aside holds", () => {
  for (const limit of [0, 1, 10, 1_023, 1_024, 1_025]) {
    const out = streams(limit, limit);
    expect(out.write(piece(limit))).toBe(true);
    expect(out.write(piece(1))).toBe(false);
    out.writeLog(piece(limit + 5));
    out.writeLog(piece(5));
    expect(out.output).toEqual(piece(limit));
    expect(out.log).toEqual(piece(limit));
  }
});

test("what was given out does not change when more is written, nor when it is changed itself", () => {
  const out = streams(100, 100);
  out.write(piece(3, 1));
  const first = out.output;
  first.fill(9);
  out.write(piece(3, 4));
  expect([...out.output]).toEqual([1, 2, 3, 4, 5, 6]);
  expect([...first]).toEqual([9, 9, 9]);
});

test("input is read from where the last read ended", () => {
  const given = streams(0, 0, "abcdefg");
  const target = new Uint8Array(3);
  const read = () => asText(target.subarray(0, given.read(target)));
  expect([read(), read(), read(), read()]).toEqual(["abc", "def", "g", ""]);
});
