import { createCipheriv } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { createSandbox, PAGE } from "../../../tests/support/sandbox.ts";
import { call, program } from "../../../tests/support/wat.ts";

const sandbox = createSandbox();
afterAll(() => sandbox.close());

const [SUCCESS, BADF, FAULT, INVAL, NOTDIR, NOTSOCK, NOTSUP, SPIPE, NOTCAPABLE] = [
  0, 8, 21, 28, 54, 57, 58, 70, 76,
];
const OUTSIDE = PAGE - 3;

const low = (at: number) => `(i32.load (i32.const ${at}))`;
const high = (at: number) => `(i32.load (i32.const ${at + 4}))`;
const toU64 = (lower = 0, upper = 0) =>
  BigInt.asUintN(32, BigInt(lower)) | (BigInt.asUintN(32, BigInt(upper)) << 32n);
const clockTime = (id: number, at: number) =>
  `(call $clock_time_get (i32.const ${id}) (i64.const 0) (i32.const ${at}))`;

/** Prints what a table of strings holds: the bytes of `buffer` and where its pointers point. */
const printTable = (name: "args" | "environ") =>
  program(`
    (drop ${call(`${name}_sizes_get`, 16, 20)})
    (drop ${call(`${name}_get`, 1024, 2048)})
    (call $print (i32.const 2048) ${low(20)})
    (call $print (i32.const 1024) (i32.mul ${low(16)} (i32.const 4)))`);

const pointers = (...offsets: number[]) =>
  Buffer.from(Uint32Array.from(offsets, (offset) => 2048 + offset).buffer);

test("arguments reach the program in their order, as UTF-8 that ends with a zero", async () => {
  const output = await sandbox.output(printTable("args"), { args: ["echo", "", "--naïve", "日本"] });
  const text = Buffer.from("echo\0\0--naïve\0日本\0");
  expect(Buffer.from(output)).toEqual(Buffer.concat([text, pointers(0, 5, 6, 15)]));
});

test("the environment is what the manifest says and nothing else", async () => {
  const output = await sandbox.output(printTable("environ"), { env: { LANG: "C", EMPTY: "", A: "b=c" } });
  const text = Buffer.from("LANG=C\0EMPTY=\0A=b=c\0");
  expect(Buffer.from(output)).toEqual(Buffer.concat([text, pointers(0, 7, 14)]));
  expect(await sandbox.output(printTable("environ"))).toHaveLength(0);
});

test("strings that do not fit the program's memory are a fault, and nothing is written", async () => {
  const calls = [
    call("args_sizes_get", OUTSIDE, 16),
    call("args_sizes_get", 16, OUTSIDE),
    call("args_get", OUTSIDE, 1024),
    call("args_get", 1024, PAGE - 2),
    call("environ_get", 1024, -1),
  ];
  expect(await sandbox.values([...calls, low(16), low(1024)], { args: ["test"], env: { A: "B" } })).toEqual([
    FAULT,
    FAULT,
    FAULT,
    FAULT,
    FAULT,
    0,
    0,
  ]);
});

test("the clocks of wall and monotonic time stand at the cast's instant, those of processor time at zero", async () => {
  const clockMicros = 1_765_432_109_876_543;
  const reads = [0, 1, 2, 3].map((id) => clockTime(id, 64 + 8 * id));
  const words = [0, 1, 2, 3].flatMap((id) => [low(64 + 8 * id), high(64 + 8 * id)]);
  const [first, second, third, fourth, ...values] = await sandbox.values([...reads, ...words], {
    clockMicros,
  });
  expect([first, second, third, fourth]).toEqual([SUCCESS, SUCCESS, SUCCESS, SUCCESS]);
  const times = [0, 1, 2, 3].map((id) => toU64(values[2 * id], values[2 * id + 1]));
  const instant = BigInt(clockMicros) * 1_000n;
  expect(times).toEqual([instant, instant, 0n, 0n]);
});

test("time does not pass, however long the program runs", async () => {
  const body = `(local $i i32)
    (loop $l (drop ${clockTime(1, 64)})
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 1000000))))
    ${call("print", 64, 8)}`;
  const view = new DataView(Uint8Array.from(await sandbox.output(program(body), { clockMicros: 5 })).buffer);
  expect(view.getBigUint64(0, true)).toBe(5_000n);
});

test("a clock that does not exist is invalid, and a time outside the memory is a fault", async () => {
  expect(
    await sandbox.values([
      clockTime(4, 64),
      clockTime(-1, 64),
      clockTime(0, PAGE - 7),
      call("clock_res_get", 4, 64),
      call("clock_res_get", 0, PAGE - 7),
      call("clock_res_get", 1, 64),
      low(64),
      high(64),
    ]),
  ).toEqual([INVAL, INVAL, FAULT, INVAL, FAULT, SUCCESS, 1_000, 0]);
});

/** Asks for randomness in steps of the given lengths and prints all of it. */
function drawRandom(...lengths: number[]): string {
  let at = PAGE;
  const draws = lengths.map((length) => {
    at += length;
    return `(drop ${call("random_get", at - length, length)})`;
  });
  return program(`${draws.join(" ")} ${call("print", PAGE, at - PAGE)}`, { memory: "8" });
}

const seedOf = (byte: number) => new Uint8Array(32).fill(byte);

test("randomness is the same for the same seed and another for another", async () => {
  const draw = (seed: Uint8Array) => sandbox.output(drawRandom(64), { seed });
  const [first, again, other] = [await draw(seedOf(1)), await draw(seedOf(1)), await draw(seedOf(2))];
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
});

test("randomness is AES-256 in counter mode under the seed, over as many calls as there are", async () => {
  const seed = Uint8Array.from({ length: 32 }, (_, i) => i);
  const length = 5 * PAGE;
  const cipher = createCipheriv("aes-256-ctr", seed, Buffer.alloc(16));
  const expected = cipher.update(Buffer.alloc(length));
  // `openssl enc -aes-256-ecb -nopad` of a block of zeros under this key: where the stream begins.
  expect(expected.subarray(0, 16).toString("hex")).toBe("f29000b62a499fd0a9f39a6add2e7780");
  for (const lengths of [[length], [1, 15, 17, 0, PAGE - 33, 4 * PAGE], [length - 1, 1]])
    expect(Buffer.compare(await sandbox.output(drawRandom(...lengths), { seed }), expected)).toBe(0);
});

test("randomness outside the memory is a fault and takes nothing from the stream", async () => {
  const [fault, , first] = await sandbox.values([
    call("random_get", OUTSIDE, 4),
    call("random_get", 64, 4),
    low(64),
  ]);
  const [, untouched] = await sandbox.values([call("random_get", 64, 4), low(64)]);
  expect(fault).toBe(FAULT);
  expect(first).toBe(untouched);
});

test("a start function has the host as the program has it: it is part of every run", async () => {
  const fields = `(global $errno (mut i32) (i32.const -1))
    (func $begin (global.set $errno ${call("random_get", 64, 4)})) (start $begin)`;
  expect(await sandbox.values(["(global.get $errno)"], { fields })).toEqual([SUCCESS]);
});

test("yielding succeeds and raising a signal is not supported", async () => {
  expect(await sandbox.values([call("sched_yield"), call("proc_raise", 9)])).toEqual([SUCCESS, NOTSUP]);
});

const i64 = "(i64.const 0)";
const i32 = "(i32.const 0)";
/** Everything else: a call on an open stream, and the errno it gives. */
const REST: readonly (readonly [string, string, number])[] = [
  ["fd_sync", "", SUCCESS],
  ["fd_datasync", "", SUCCESS],
  ["fd_advise", `${i64} ${i64} ${i32}`, SPIPE],
  ["fd_seek", `${i64} ${i32} ${i32}`, SPIPE],
  ["fd_tell", i32, SPIPE],
  ["fd_pread", `${i32} ${i32} ${i64} ${i32}`, SPIPE],
  ["fd_pwrite", `${i32} ${i32} ${i64} ${i32}`, SPIPE],
  ["fd_allocate", `${i64} ${i64}`, NOTCAPABLE],
  ["fd_filestat_set_size", i64, NOTCAPABLE],
  ["fd_filestat_set_times", `${i64} ${i64} ${i32}`, NOTCAPABLE],
  ["fd_readdir", `${i32} ${i32} ${i64} ${i32}`, NOTDIR],
  ["path_create_directory", `${i32} ${i32}`, NOTDIR],
  ["path_filestat_get", `${i32} ${i32} ${i32} ${i32}`, NOTDIR],
  ["path_filestat_set_times", `${i32} ${i32} ${i32} ${i64} ${i64} ${i32}`, NOTDIR],
  ["path_link", `${i32} ${i32} ${i32} (i32.const 1) ${i32} ${i32}`, NOTDIR],
  ["path_open", `${i32} ${i32} ${i32} ${i32} ${i64} ${i64} ${i32} ${i32}`, NOTDIR],
  ["path_readlink", `${i32} ${i32} ${i32} ${i32} ${i32}`, NOTDIR],
  ["path_remove_directory", `${i32} ${i32}`, NOTDIR],
  ["path_rename", `${i32} ${i32} (i32.const 1) ${i32} ${i32}`, NOTDIR],
  ["path_unlink_file", `${i32} ${i32}`, NOTDIR],
  ["sock_accept", `${i32} ${i32}`, NOTSOCK],
  ["sock_recv", `${i32} ${i32} ${i32} ${i32} ${i32}`, NOTSOCK],
  ["sock_send", `${i32} ${i32} ${i32} ${i32}`, NOTSOCK],
  ["sock_shutdown", i32, NOTSOCK],
];

test.each(REST)("%s answers on a stream and on what is not open", async (name, rest, errno) => {
  const onFd = (fd: number) => `(call $${name} (i32.const ${fd}) ${rest})`;
  expect(await sandbox.values([onFd(2), onFd(9), onFd(-1)])).toEqual([errno, BADF, BADF]);
});

test("what takes two descriptors looks at both, and path_symlink at its own", async () => {
  expect(
    await sandbox.values([
      call("path_link", 1, 0, 0, 0, 9, 0, 0),
      call("path_rename", 1, 0, 0, 9, 0, 0),
      call("path_symlink", 0, 0, 1, 0, 0),
      call("path_symlink", 0, 0, 9, 0, 0),
    ]),
  ).toEqual([BADF, BADF, NOTDIR, BADF]);
});

test("no directory is open before the program", async () => {
  const calls = [3, 4, 0].flatMap((fd) => [
    call("fd_prestat_get", fd, 64),
    call("fd_prestat_dir_name", fd, 64, 8),
  ]);
  expect(await sandbox.values(calls)).toEqual(new Array(6).fill(BADF));
});
