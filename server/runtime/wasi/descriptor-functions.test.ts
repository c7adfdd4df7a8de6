import { afterAll, expect, test } from "vitest";
import { asText, createSandbox, PAGE } from "../../../tests/support/sandbox.ts";
import { call, FREE, program } from "../../../tests/support/wat.ts";
import type { Resources } from "../types.ts";

const sandbox = createSandbox();
afterAll(() => sandbox.close());

const [SUCCESS, BADF, FAULT, INVAL, ISDIR, NAMETOOLONG, NOTDIR, ROFS, SPIPE, NOTCAPABLE] = [
  0, 8, 21, 28, 31, 37, 54, 69, 70, 76,
];
const [SET, CURRENT, END] = [0, 1, 2];
const TEXT = "The quick brown fox.";
const resources: Resources = {
  digest: "descriptor functions",
  files: [
    { path: "resources/b/deep", bytes: Buffer.from("deep") },
    { path: "resources/a.txt", bytes: Buffer.from(TEXT) },
    { path: "resources/c", bytes: new Uint8Array() },
  ],
};
const FIELDS = '(data (i32.const 1024) "a.txt") (data (i32.const 1040) "b") (data (i32.const 1048) "c")';
const NAMES = { "a.txt": [1_024, 5], b: [1_040, 1], c: [1_048, 1] } as const;
const [FD, OFFSET] = [1_100, 1_104];
const ROOT = 3;
/** The number that whatever is opened first gets. */
const FILE = 4;

/** Opens something for everything that may be done with it. */
const open = (name: keyof typeof NAMES) =>
  `(call $path_open (i32.const ${ROOT}) (i32.const 0) (i32.const ${NAMES[name][0]}) (i32.const ${NAMES[name][1]})
    (i32.const 0) (i64.const 4294967231) (i64.const -1) (i32.const 0) (i32.const ${FD}))`;
const vectors = (...buffers: readonly (readonly [number, number])[]) =>
  buffers
    .flat()
    .map((value, i) => `(i32.store (i32.const ${16 + 4 * i}) (i32.const ${value}))`)
    .join(" ");
const seek = (offset: number, whence: number, fd = FILE, to = OFFSET) =>
  `(call $fd_seek (i32.const ${fd}) (i64.const ${offset}) (i32.const ${whence}) (i32.const ${to}))`;
const pread = (offset: number, count = 1, fd = FILE) =>
  `(call $fd_pread (i32.const ${fd}) (i32.const 16) (i32.const ${count}) (i64.const ${offset}) (i32.const 24))`;
const word = (at: number) => `(i32.load (i32.const ${at}))`;
const ask = (...expressions: string[]) => sandbox.values(expressions, { fields: FIELDS, resources });
const run = async (body: string) => sandbox.output(program(body, { fields: FIELDS }), { resources });

/** Reads into 2048 at most `length` bytes and prints what came. */
const readAndPrint = (length: number) => `${vectors([2_048, length])}
  (if ${call("fd_read", FILE, 16, 1, 24)} (then unreachable)) (call $print (i32.const 2048) ${word(24)})`;

test.each([1, 3, 7, 20, 1_000])(
  "a file is read whole in steps of %d bytes, and then is at its end",
  async (step) => {
    const body = `(drop ${open("a.txt")}) (loop $more ${readAndPrint(step)} (br_if $more ${word(24)}))
    ${readAndPrint(step)}`;
    expect(asText(await run(body))).toBe(TEXT);
  },
);

test("one read fills several buffers and stops where the file ends", async () => {
  const body = `(drop ${open("a.txt")}) ${vectors([2_048, 4], [2_100, 0], [2_200, 6], [2_300, 99])}
    (drop ${call("fd_read", FILE, 16, 4, 60)}) ${call("print", 2_200, 6)} ${call("print", 2_048, 4)}
    ${call("print", 2_300, 10)} (i32.store8 (i32.const 64) ${word(60)}) ${call("print", 64, 1)}`;
  expect(asText(await run(body))).toBe("quick The brown fox.\x14");
});

test("a position is set from the beginning, from where it is and from the end", async () => {
  const at = word(OFFSET);
  expect(
    await ask(
      open("a.txt"),
      seek(4, SET),
      at,
      seek(3, CURRENT),
      at,
      seek(-2, CURRENT),
      at,
      seek(-4, END),
      at,
      seek(0, CURRENT),
      at,
    ),
  ).toEqual([0, 0, 4, 0, 7, 0, 5, 0, 16, 0, 16]);
  expect(asText(await run(`(drop ${open("a.txt")}) (drop ${seek(-4, END)}) ${readAndPrint(50)}`))).toBe(
    "fox.",
  );
});

test("a position behind the end may be, and nothing is read there", async () => {
  expect(asText(await run(`(drop ${open("a.txt")}) (drop ${seek(500, END)}) ${readAndPrint(50)}`))).toBe("");
  expect(await ask(open("a.txt"), seek(500, END), word(OFFSET))).toEqual([SUCCESS, SUCCESS, 520]);
});

test("a position before the beginning, beyond all sizes or from nowhere is invalid, and nothing moves", async () => {
  const huge = `(call $fd_seek (i32.const ${FILE}) (i64.const 0x7fffffffffffffff) (i32.const 0) (i32.const ${OFFSET}))`;
  expect(
    await ask(
      open("a.txt"),
      seek(5, SET),
      seek(-1, SET),
      seek(-6, CURRENT),
      seek(-21, END),
      seek(0, 3),
      seek(0, -1),
      huge,
      seek(0, CURRENT),
      word(OFFSET),
    ),
  ).toEqual([SUCCESS, SUCCESS, INVAL, INVAL, INVAL, INVAL, INVAL, INVAL, SUCCESS, 5]);
});

test("reading from a place does not move the position", async () => {
  const body = `(drop ${open("a.txt")}) (drop ${seek(4, SET)}) ${vectors([2_048, 5])} (drop ${pread(10)})
    ${call("print", 2_048, 5)} (drop ${call("fd_tell", FILE, OFFSET)}) (i32.store8 (i32.const 64) ${word(OFFSET)})
    ${call("print", 64, 1)}`;
  expect(asText(await run(body))).toBe("brown\x04");
  expect(await ask(open("a.txt"), pread(-1), pread(0, 2_000), pread(99, 0), word(24))).toEqual([
    SUCCESS,
    INVAL,
    INVAL,
    SUCCESS,
    0,
  ]);
});

test("directories and streams are not read, placed or written like files", async () => {
  const read = (fd: number) => call("fd_read", fd, 16, 0, 24);
  const write = (fd: number) => call("fd_write", fd, 16, 0, 24);
  expect(
    await ask(read(ROOT), write(ROOT), seek(0, SET, ROOT), pread(0, 0, ROOT), call("fd_tell", ROOT, 64)),
  ).toEqual([ISDIR, NOTCAPABLE, ISDIR, ISDIR, ISDIR]);
  expect(await ask(seek(0, SET, 0), pread(0, 0, 1), call("fd_tell", 2, 64))).toEqual([SPIPE, SPIPE, SPIPE]);
  expect(await ask(seek(0, SET, 9), pread(0, 0, 9), call("fd_tell", 9, 64))).toEqual([BADF, BADF, BADF]);
});

test("nothing of a file can be changed", async () => {
  const change = (fd: number) => [
    `(call $fd_pwrite (i32.const ${fd}) (i32.const 16) (i32.const 0) (i64.const 0) (i32.const 24))`,
    `(call $fd_allocate (i32.const ${fd}) (i64.const 0) (i64.const 1))`,
    `(call $fd_filestat_set_size (i32.const ${fd}) (i64.const 0))`,
    `(call $fd_filestat_set_times (i32.const ${fd}) (i64.const 0) (i64.const 0) (i32.const 0))`,
  ];
  expect(
    await ask(open("a.txt"), call("fd_write", FILE, 16, 0, 24), ...change(FILE), ...change(ROOT)),
  ).toEqual([SUCCESS, NOTCAPABLE, ...Array<number>(4).fill(ROFS), ...Array<number>(4).fill(NOTCAPABLE)]);
});

test("a file takes advice and synchronises, and makes nothing of it", async () => {
  const advise = (offset: number, advice: number) =>
    `(call $fd_advise (i32.const ${FILE}) (i64.const ${offset}) (i64.const 0) (i32.const ${advice}))`;
  expect(
    await ask(
      open("a.txt"),
      advise(0, 5),
      advise(0, 6),
      advise(-1, 0),
      call("fd_sync", FILE),
      call("fd_datasync", FILE),
    ),
  ).toEqual([SUCCESS, SUCCESS, INVAL, INVAL, SUCCESS, SUCCESS]);
});

test("a closed file is gone; a renumbered one goes on where it was", async () => {
  expect(await ask(open("a.txt"), call("fd_close", FILE), call("fd_read", FILE, 16, 0, 24))).toEqual([
    0,
    0,
    BADF,
  ]);
  const body = `(drop ${open("a.txt")}) (drop ${open("c")}) (drop ${seek(16, SET)}) (drop ${call("fd_renumber", FILE, 5)})
    ${readAndPrint(9).replace(`(i32.const ${FILE})`, "(i32.const 5)")}`;
  expect(asText(await run(body))).toBe("fox.");
});

test("the root is known by its name, and ends when it is closed", async () => {
  const name = (fd: number, length: number, to = 2_048) => call("fd_prestat_dir_name", fd, to, length);
  expect(await ask(call("fd_prestat_get", ROOT, 64), word(64), word(68))).toEqual([
    SUCCESS,
    0,
    "/resources".length,
  ]);
  expect(
    await ask(
      name(ROOT, 9),
      name(ROOT, 10, PAGE - 9),
      name(FILE, 10),
      name(ROOT, 10),
      call("fd_prestat_get", ROOT, PAGE - 7),
    ),
  ).toEqual([NAMETOOLONG, FAULT, BADF, SUCCESS, FAULT]);
  expect(asText(await run(`(drop ${name(ROOT, 99)}) ${call("print", 2_048, 10)}`))).toBe("/resources");
  expect(await ask(call("fd_close", ROOT), call("fd_prestat_get", ROOT, 64), open("a.txt"))).toEqual([
    0,
    BADF,
    BADF,
  ]);
});

/** What a stat of 64 bytes at 2048 says. */
async function statOf(made: string, before = "") {
  const bytes = Buffer.from(await run(`${before} (drop ${made}) ${call("print", 2_048, 64)}`));
  const times = [40, 48, 56].map((at) => bytes.readBigUInt64LE(at));
  return {
    inode: bytes.readBigUInt64LE(8),
    type: bytes.readUInt8(16),
    links: bytes.readBigUInt64LE(24),
    size: bytes.readBigUInt64LE(32),
    times,
  };
}
const pathStat = (name: keyof typeof NAMES) =>
  `(call $path_filestat_get (i32.const ${ROOT}) (i32.const 0) (i32.const ${NAMES[name][0]}) (i32.const ${NAMES[name][1]}) (i32.const 2048))`;

test("a file and a directory say what they are, alike by path and by number, at the cast's instant", async () => {
  const instant = Array<bigint>(3).fill(1_700_000_000_123_456_000n);
  const byPath = await statOf(pathStat("a.txt"));
  expect(byPath).toMatchObject({ type: 4, links: 1n, size: 20n, times: instant });
  expect(await statOf(call("fd_filestat_get", FILE, 2_048), `(drop ${open("a.txt")})`)).toEqual(byPath);
  const directory = await statOf(pathStat("b"));
  expect(directory).toMatchObject({ type: 3, links: 1n, size: 0n, times: instant });
  expect(directory.inode).not.toBe(byPath.inode);
});

interface Entry {
  readonly next: bigint;
  readonly type: number;
  readonly name: string;
}

/** Lists a directory into a buffer of `length` bytes, from a cookie on: how many bytes came, and the entries in them. */
async function list(cookie: bigint, length: number, fd = ROOT) {
  const body = `(drop ${open("b")}) (i32.store (i32.const ${FREE})
      (call $fd_readdir (i32.const ${fd}) (i32.const 2048) (i32.const ${length}) (i64.const ${cookie}) (i32.const ${FREE + 4})))
    ${call("print", FREE, 8)} ${call("print", 2_048, 1_000)}`;
  const bytes = Buffer.from(await run(body));
  const [errno, used] = [bytes.readInt32LE(0), bytes.readInt32LE(4)];
  const entries: Entry[] = [];
  for (let at = 8; at + 24 <= 8 + used;) {
    const nameLength = bytes.readUInt32LE(at + 16);
    const name = bytes.toString("utf8", at + 24, Math.min(at + 24 + nameLength, 8 + used));
    entries.push({ next: bytes.readBigUInt64LE(at), type: bytes.readUInt8(at + 20), name });
    at += 24 + nameLength;
  }
  return { errno, used, entries };
}
const ALL = [".", "..", "a.txt", "b", "c"];

test("a directory lists itself, its parent and its entries, in the order of their names", async () => {
  const { errno, used, entries } = await list(0n, 1_000);
  expect(errno).toBe(SUCCESS);
  expect(used).toBe(5 * 24 + 10);
  expect(entries.map(({ name }) => name)).toEqual(ALL);
  expect(entries.map(({ type }) => type)).toEqual([3, 3, 4, 3, 4]);
  expect(entries.map(({ next }) => next)).toEqual([1n, 2n, 3n, 4n, 5n]);
  expect((await list(0n, 1_000, FILE)).entries.map(({ name }) => name)).toEqual([".", "..", "deep"]);
});

test("a listing goes on from each entry's cookie, and is empty behind the last", async () => {
  for (let cookie = 0; cookie <= ALL.length; cookie += 1) {
    const { entries } = await list(BigInt(cookie), 1_000);
    expect(entries.map(({ name }) => name)).toEqual(ALL.slice(cookie));
  }
  expect(await list(99n, 1_000)).toMatchObject({ errno: SUCCESS, used: 0 });
});

test("an entry that does not fit is cut where the buffer ends", async () => {
  for (const length of [0, 1, 23, 24, 25, 50, 51, 52, 79]) {
    const { errno, used } = await list(0n, length);
    expect([errno, used]).toEqual([SUCCESS, length]);
  }
  const { entries } = await list(2n, 27);
  expect(entries).toEqual([{ next: 3n, type: 4, name: "a.t" }]);
});

test("only a directory is listed, into the memory that there is", async () => {
  const to = (fd: number, pointer: number, length: number, size = 64) =>
    `(call $fd_readdir (i32.const ${fd}) (i32.const ${pointer}) (i32.const ${length}) (i64.const 0) (i32.const ${size}))`;
  expect(
    await ask(
      open("a.txt"),
      to(FILE, 0, 9),
      to(0, 0, 9),
      to(9, 0, 9),
      to(ROOT, PAGE - 8, 9),
      to(ROOT, 0, 9, PAGE - 3),
    ),
  ).toEqual([SUCCESS, NOTDIR, NOTDIR, BADF, FAULT, FAULT]);
});

test("a cookie beyond all entries, however large, lists nothing", async () => {
  expect(await list(2n ** 32n, 1_000)).toMatchObject({ errno: SUCCESS, used: 0 });
});

test("a place to seek from that is not one of the three is invalid, however it ends", async () => {
  expect(await ask(open("a.txt"), seek(0, -256))).toEqual([SUCCESS, INVAL]);
});
