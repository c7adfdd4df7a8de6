import { afterAll, expect, test } from "vitest";
import { asBytes, asText, createSandbox, PAGE } from "../../../tests/support/sandbox.ts";
import { call, program } from "../../../tests/support/wat.ts";

const sandbox = createSandbox();
afterAll(() => sandbox.close());

const [SUCCESS, BADF, FAULT, INVAL, NOTCAPABLE] = [0, 8, 21, 28, 76];
/** fd_fdstat_set_flags, fd_filestat_get and poll, which every stream has, and reading or writing. */
const COMMON = (1n << 3n) | (1n << 21n) | (1n << 27n);
const [READ, WRITE] = [1n << 1n, 1n << 6n];

const setRights = (fd: number, base: bigint) =>
  `(call $fd_fdstat_set_rights (i32.const ${fd}) (i64.const ${base}) (i64.const 0))`;

test("a closed descriptor is gone, for itself alone", async () => {
  expect(
    await sandbox.values([
      call("fd_close", 0),
      call("fd_close", 0),
      call("fd_read", 0, 16, 0, 64),
      call("fd_fdstat_get", 0, 64),
      call("fd_filestat_get", 0, 64),
      call("fd_sync", 0),
      call("fd_write", 2, 16, 0, 64),
      call("fd_close", 3),
      call("fd_close", -1),
    ]),
  ).toEqual([SUCCESS, BADF, BADF, BADF, BADF, BADF, SUCCESS, BADF, BADF]);
});

test("what a program writes to a closed stdout goes nowhere, and it completes", async () => {
  const body = `${call("print", 64, 2)} (drop ${call("fd_close", 1)}) ${call("print", 64, 2)}`;
  const result = await sandbox.run(program(body, { fields: '(data (i32.const 64) "ab")' }));
  expect(result).toMatchObject({ ending: "completed", output: asBytes("ab") });
});

test("stdout renumbered onto stderr is written there, and its own number is free", async () => {
  const body = `(drop ${call("fd_renumber", 1, 2)}) ${call("log", 64, 3)} ${call("print", 64, 3)}`;
  const result = await sandbox.run(program(body, { fields: '(data (i32.const 64) "out")' }));
  expect(result).toMatchObject({ ending: "completed", output: asBytes("out"), log: new Uint8Array() });
});

test("renumbering takes two open descriptors, which may be the same", async () => {
  expect(
    await sandbox.values([
      call("fd_renumber", 0, 9),
      call("fd_renumber", 9, 0),
      call("fd_renumber", 2, 2),
      call("fd_write", 2, 16, 0, 64),
      call("fd_renumber", 0, 2),
      call("fd_read", 2, 16, 0, 64),
      call("fd_write", 2, 16, 0, 64),
      call("fd_read", 0, 16, 0, 64),
    ]),
  ).toEqual([BADF, BADF, SUCCESS, SUCCESS, SUCCESS, SUCCESS, NOTCAPABLE, BADF]);
});

/** The 24 bytes of a descriptor's state, after some calls. */
async function fdstat(fd: number, ...before: string[]) {
  const body = `${before.map((made) => `(drop ${made})`).join(" ")}
    (memory.fill (i32.const 64) (i32.const 255) (i32.const 24))
    (drop ${call("fd_fdstat_get", fd, 64)}) ${call("print", 64, 24)}`;
  const view = new DataView(Uint8Array.from(await sandbox.output(program(body))).buffer);
  return {
    type: view.getUint8(0),
    flags: view.getUint16(2, true),
    rights: view.getBigUint64(8, true),
    inherited: view.getBigUint64(16, true),
    reserved: view.getUint8(1) + view.getUint32(4, true),
  };
}

test.each([
  ["stdin", 0, READ],
  ["stdout", 1, WRITE],
  ["stderr", 2, WRITE],
])("%s says what may be done with it, and that it is no terminal", async (_name, fd, own) => {
  expect(await fdstat(fd)).toEqual({ type: 0, flags: 0, rights: COMMON | own, inherited: 0n, reserved: 0 });
});

test("flags of a stream can be set to append and non-blocking, and to nothing else", async () => {
  const set = (flags: number) => call("fd_fdstat_set_flags", 2, flags);
  expect(await sandbox.values([set(0), set(1), set(4), set(5), set(2), set(8), set(-1)])).toEqual([
    SUCCESS,
    SUCCESS,
    SUCCESS,
    SUCCESS,
    INVAL,
    INVAL,
    INVAL,
  ]);
  expect(await fdstat(2, set(5), set(8))).toMatchObject({ flags: 5 });
});

test("rights can be given up, never taken back", async () => {
  expect(
    await sandbox.values([
      call("fd_write", 2, 16, 0, 64),
      setRights(2, COMMON | WRITE | READ),
      setRights(2, COMMON),
      call("fd_write", 2, 16, 0, 64),
      setRights(2, COMMON | WRITE),
      setRights(9, 0n),
    ]),
  ).toEqual([SUCCESS, NOTCAPABLE, SUCCESS, NOTCAPABLE, NOTCAPABLE, BADF]);
  expect(await fdstat(2, setRights(2, READ), setRights(2, 8n))).toMatchObject({ rights: 8n });
});

test("each function asks for the right that is named after it", async () => {
  const left = setRights(1, WRITE);
  expect(
    await sandbox.values([
      call("fd_fdstat_set_flags", 1, 1),
      call("fd_filestat_get", 1, 64),
      left,
      call("fd_fdstat_set_flags", 1, 0),
      call("fd_filestat_get", 1, 64),
      call("fd_filestat_get", 1, -1),
    ]),
  ).toEqual([SUCCESS, SUCCESS, SUCCESS, NOTCAPABLE, NOTCAPABLE, NOTCAPABLE]);
  expect(await fdstat(2, setRights(2, 0n), call("fd_fdstat_set_flags", 2, 4))).toMatchObject({ flags: 0 });
});

test("a stream's file has one link, no size, and the cast's instant for all of its times", async () => {
  const body = `(memory.fill (i32.const 64) (i32.const 255) (i32.const 64))
    (drop ${call("fd_filestat_get", 1, 64)}) ${call("print", 64, 64)}`;
  const bytes = Buffer.from(await sandbox.output(program(body), { clockMicros: 1_234_567 }));
  const words = Array.from({ length: 8 }, (_, i) => bytes.readBigUInt64LE(8 * i));
  const instant = 1_234_567_000n;
  expect(words).toEqual([0n, 0n, 0n, 1n, 0n, instant, instant, instant]);
});

test("a state that does not fit the memory is a fault", async () => {
  expect(
    await sandbox.values([
      call("fd_fdstat_get", 1, PAGE - 23),
      call("fd_fdstat_get", 1, -1),
      call("fd_filestat_get", 1, PAGE - 63),
      call("fd_filestat_get", 1, -1),
    ]),
  ).toEqual([FAULT, FAULT, FAULT, FAULT]);
});

test("descriptors closed by one run are open in the next", async () => {
  const closing = program(
    `${call("print", 64, 1)} (drop ${call("fd_close", 0)}) (drop ${call("fd_close", 1)})`,
    {
      fields: '(data (i32.const 64) "x")',
    },
  );
  for (let round = 0; round < 4; round += 1) expect(asText(await sandbox.output(closing))).toBe("x");
});
