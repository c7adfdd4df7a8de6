import { afterAll, expect, test } from "vitest";
import { createSandbox, PAGE } from "../../../tests/support/sandbox.ts";
import { call, FREE, program } from "../../../tests/support/wat.ts";
import type { Resources } from "../types.ts";

const sandbox = createSandbox();
afterAll(() => sandbox.close());

const [SUCCESS, BADF, EXIST, FAULT, ILSEQ, INVAL, ISDIR, MFILE] = [0, 8, 20, 21, 25, 28, 31, 33];
const [NOENT, NOTDIR, ROFS, NOTCAPABLE] = [44, 54, 69, 76];
const [CREAT, DIRECTORY, EXCL, TRUNC] = [1, 2, 4, 8];
const [READ, WRITE, PATH_OPEN, READDIR, READLINK, STAT] = [
  1n << 1n,
  1n << 6n,
  1n << 13n,
  1n << 14n,
  1n << 15n,
  1n << 18n,
];
const ROOT = 3;

const resources: Resources = {
  digest: "path functions",
  files: ["a.txt", "d/b.txt", "d/e/c.txt"].map((path) => ({
    path: `resources/${path}`,
    bytes: Buffer.from(`this is ${path}`),
  })),
};

/** Texts in the program's memory, each where its own place is. */
const PLACES = [
  "a.txt",
  "d",
  "d/b.txt",
  "d/",
  "a.txt/",
  "a.txt/x",
  "..",
  "d/../..",
  "d/../a.txt",
  "/etc/passwd",
  "missing",
  "missing/x",
  "a\0",
  "b.txt",
  ".",
  "../a.txt",
  "\xff",
] as const;
type Path = (typeof PLACES)[number];
const placeOf = (path: Path) => 2_048 + 64 * PLACES.indexOf(path);
const escaped = (text: string) =>
  [...Buffer.from(text, "latin1")].map((byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");
const FIELDS = PLACES.map((path) => `(data (i32.const ${placeOf(path)}) "${escaped(path)}")`).join("\n");
const named = (path: Path) => `(i32.const ${placeOf(path)}) (i32.const ${path.length})`;
const FD = 40_000;

interface Wanted {
  readonly from?: number;
  readonly oflags?: number;
  readonly rights?: bigint;
  readonly inheriting?: bigint;
  readonly to?: number;
}
const open = (
  path: Path,
  { from = ROOT, oflags = 0, rights = READ, inheriting = 0n, to = FD }: Wanted = {},
) =>
  `(call $path_open (i32.const ${from}) (i32.const 0) ${named(path)} (i32.const ${oflags}) (i64.const ${rights})
    (i64.const ${inheriting}) (i32.const 0) (i32.const ${to}))`;
const stat = (path: Path, from = ROOT, to = 41_000) =>
  `(call $path_filestat_get (i32.const ${from}) (i32.const 0) ${named(path)} (i32.const ${to}))`;
const setRights = (fd: number, base: bigint, inheriting: bigint) =>
  `(call $fd_fdstat_set_rights (i32.const ${fd}) (i64.const ${base}) (i64.const ${inheriting}))`;
const word = (at: number) => `(i32.load (i32.const ${at}))`;
const ask = (...expressions: string[]) => sandbox.values(expressions, { fields: FIELDS, resources });

test("what is opened gets the lowest free number", async () => {
  const close = call("fd_close", 4);
  expect(
    await ask(open("a.txt"), word(FD), open("d/b.txt"), word(FD), close, open("d/../a.txt"), word(FD)),
  ).toEqual([SUCCESS, 4, SUCCESS, 5, SUCCESS, SUCCESS, 4]);
});

const REFUSED: readonly (readonly [what: string, path: Path, wanted: Wanted, errno: number])[] = [
  ["what is not there", "missing", {}, NOENT],
  ["what is below what is not there", "missing/x", {}, NOENT],
  ["the way out of the root", "..", {}, NOTCAPABLE],
  ["a longer way out of the root", "d/../..", {}, NOTCAPABLE],
  ["an absolute path", "/etc/passwd", {}, NOTCAPABLE],
  ["a name with a zero in it", "a\0", {}, ILSEQ],
  ["bytes that are no text", "\xff", {}, ILSEQ],
  ["a file as a directory", "a.txt", { oflags: DIRECTORY }, NOTDIR],
  ["a file with a slash behind it", "a.txt/", {}, NOTDIR],
  ["what is below a file", "a.txt/x", {}, NOTDIR],
  ["a new file", "missing", { oflags: CREAT }, ROFS],
  ["a new file that must be new", "missing", { oflags: CREAT | EXCL }, ROFS],
  ["a file that must be new and is there", "a.txt", { oflags: CREAT | EXCL }, EXIST],
  ["a file to be emptied", "a.txt", { oflags: TRUNC }, ROFS],
  ["a file to be written", "a.txt", { rights: READ | WRITE }, ROFS],
  ["a directory to be written", "d", { rights: WRITE }, ISDIR],
  ["a file of a descriptor that is not open", "a.txt", { from: 9 }, BADF],
  ["a file of a stream", "a.txt", { from: 1 }, NOTDIR],
  ["a file, for an answer outside the memory", "a.txt", { to: PAGE - 3 }, FAULT],
];

test.each(REFUSED)("%s is not opened, and says why", async (_what, path, wanted, errno) => {
  expect(await ask(open(path, wanted), word(FD))).toEqual([errno, 0]);
});

test("what is there may be asked for as if it could be made", async () => {
  expect(await ask(open("a.txt", { oflags: CREAT }), open("d", { oflags: DIRECTORY }))).toEqual([
    SUCCESS,
    SUCCESS,
  ]);
});

test("a path outside the memory is a fault", async () => {
  const far = (pointer: number, length: number) =>
    `(call $path_open (i32.const 3) (i32.const 0) (i32.const ${pointer}) (i32.const ${length}) (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const ${FD}))`;
  expect(await ask(far(PAGE - 1, 2), far(-1, 1), far(0, -1), stat("a.txt", ROOT, PAGE - 63))).toEqual([
    FAULT,
    FAULT,
    FAULT,
    FAULT,
  ]);
});

test("from a directory that was opened, paths go on, and up to the root", async () => {
  const all = PATH_OPEN | READDIR | STAT;
  expect(
    await ask(
      open("d", { rights: all, inheriting: READ }),
      open("b.txt", { from: 4 }),
      open("../a.txt", { from: 4 }),
      open("d/../..", { from: 4 }),
      open("a.txt", { from: 4 }),
      stat("b.txt", 4),
      call("fd_prestat_get", 4, 64),
    ),
  ).toEqual([SUCCESS, SUCCESS, SUCCESS, NOENT, NOENT, SUCCESS, BADF]);
});

test("a directory without a right does not do what it is for", async () => {
  const readlink = `(call $path_readlink (i32.const 3) ${named("a.txt")} (i32.const 0) (i32.const 0) (i32.const 64))`;
  const list = `(call $fd_readdir (i32.const 3) (i32.const 0) (i32.const 9) (i64.const 0) (i32.const 64))`;
  const each = [open("a.txt"), stat("a.txt"), readlink, list];
  expect(await ask(...each)).toEqual([SUCCESS, SUCCESS, INVAL, SUCCESS]);
  expect(await ask(setRights(ROOT, 0n, 0n), ...each)).toEqual([SUCCESS, ...each.map(() => NOTCAPABLE)]);
  expect(await ask(setRights(ROOT, READLINK, 0n), readlink, open("a.txt"))).toEqual([
    SUCCESS,
    INVAL,
    NOTCAPABLE,
  ]);
});

test("a file that was opened without the right to be read is not", async () => {
  const read = call("fd_read", 4, 1_024, 0, 64);
  expect(await ask(open("a.txt", { rights: 0n }), read)).toEqual([SUCCESS, NOTCAPABLE]);
  expect(await ask(open("a.txt"), read, setRights(4, 0n, 0n), read, setRights(4, READ, 0n))).toEqual([
    SUCCESS,
    SUCCESS,
    SUCCESS,
    NOTCAPABLE,
    NOTCAPABLE,
  ]);
});

test("a file is described, sought in and advised of with the rights to do so; who may seek may tell", async () => {
  const asked = [
    call("fd_filestat_get", 4, 41_000),
    call("fd_tell", 4, 41_000),
    "(call $fd_advise (i32.const 4) (i64.const 0) (i64.const 0) (i32.const 0))",
  ];
  const [SEEK, ADVISE, FILESTAT] = [1n << 2n, 1n << 7n, 1n << 21n];
  const opened = (rights: bigint) => ask(open("a.txt", { rights }), ...asked);
  expect(await opened(READ)).toEqual([SUCCESS, NOTCAPABLE, NOTCAPABLE, NOTCAPABLE]);
  expect(await opened(SEEK)).toEqual([SUCCESS, NOTCAPABLE, SUCCESS, NOTCAPABLE]);
  expect(await opened(ADVISE)).toEqual([SUCCESS, NOTCAPABLE, NOTCAPABLE, SUCCESS]);
  expect(await opened(FILESTAT)).toEqual([SUCCESS, SUCCESS, NOTCAPABLE, NOTCAPABLE]);
});

test("what a directory may not pass on, a file that is opened through it does not have", async () => {
  const read = call("fd_read", 4, 1_024, 0, 64);
  const [set, opened, errno] = await ask(setRights(ROOT, PATH_OPEN, 0n), open("a.txt"), read);
  expect(set).toBe(SUCCESS);
  expect([opened, errno]).toContain(NOTCAPABLE);
});

test("whatever would change the files is refused by a directory, and by what is none in its own way", async () => {
  const zeros = (count: number) => "(i32.const 0) ".repeat(count);
  const onFd = (fd: number) => [
    `(call $path_create_directory (i32.const ${fd}) ${zeros(2)})`,
    `(call $path_remove_directory (i32.const ${fd}) ${zeros(2)})`,
    `(call $path_unlink_file (i32.const ${fd}) ${zeros(2)})`,
    `(call $path_symlink ${zeros(2)} (i32.const ${fd}) ${zeros(2)})`,
    `(call $path_rename (i32.const ${fd}) ${zeros(2)} (i32.const ${fd}) ${zeros(2)})`,
    `(call $path_link (i32.const ${fd}) ${zeros(3)} (i32.const ${fd}) ${zeros(2)})`,
    `(call $path_filestat_set_times (i32.const ${fd}) ${zeros(3)} (i64.const 0) (i64.const 0) (i32.const 0))`,
  ];
  expect(new Set(await ask(...onFd(ROOT)))).toEqual(new Set([ROFS]));
  expect(new Set(await ask(...onFd(2)))).toEqual(new Set([NOTDIR]));
  expect(new Set(await ask(...onFd(77)))).toEqual(new Set([BADF]));
  expect(new Set((await ask(open("a.txt"), ...onFd(4))).slice(1))).toEqual(new Set([NOTDIR]));
});

test("there are no links to read", async () => {
  const readlink = (path: Path) =>
    `(call $path_readlink (i32.const 3) ${named(path)} (i32.const 0) (i32.const 0) (i32.const 64))`;
  expect(await ask(readlink("a.txt"), readlink("d"), readlink("missing"), readlink(".."))).toEqual([
    INVAL,
    INVAL,
    NOENT,
    NOTCAPABLE,
  ]);
});

test("a program that opens without end is told so, and may go on when it closes", async () => {
  const body = `(local $opened i32) (local $errno i32)
    (loop $more (local.set $errno ${open("a.txt")})
      (if (i32.eqz (local.get $errno)) (then (local.set $opened (i32.add (local.get $opened) (i32.const 1))) (br $more))))
    (i32.store (i32.const ${FREE}) (local.get $opened)) (i32.store (i32.const ${FREE + 4}) (local.get $errno))
    (drop ${call("fd_close", 500)}) (i32.store (i32.const ${FREE + 8}) ${open("a.txt")})
    (i32.store (i32.const ${FREE + 12}) ${word(FD)}) ${call("print", FREE, 16)}`;
  const output = await sandbox.output(program(body, { fields: FIELDS }), { resources });
  // Three streams and the root are open before; 1,024 may be in all.
  expect([...new Int32Array(Uint8Array.from(output).buffer)]).toEqual([1_020, MFILE, SUCCESS, 500]);
});

test("without packaged files there is no directory", async () => {
  expect(await sandbox.values([open("a.txt"), stat("a.txt")], { fields: FIELDS })).toEqual([BADF, BADF]);
});
