import { expect, test } from "vitest";
import { runHere } from "../../../tests/support/sandbox.ts";
import { call, program } from "../../../tests/support/wat.ts";
import type { Resources } from "../types.ts";

/** Of schedule 2: every call, each thing it goes through, and how many bytes a unit of fuel moves. */
const [CALL, ITEM, BYTES_PER_UNIT] = [500, 50, 8];
const files = Array.from({ length: 5 }, (_, i) => ({
  path: `resources/file-${i}`,
  bytes: Buffer.from("0123456789"),
}));
const resources: Resources = { digest: "host fuel", files };
const FIELDS =
  '(data (i32.const 2048) "file-1") (data (i32.const 2056) ".//file-1") (data (i32.const 16) "\\00\\10\\00\\00\\64\\00\\00\\00")';

function fuelOf(body: string): number {
  const result = runHere(program(`(drop (i32.const 0)) ${body}`, { fields: FIELDS }), {
    resources,
    args: ["one", "two"],
    env: { A: "b" },
  });
  expect(result.ending).toBe("completed");
  return result.fuelUsed;
}
/** What the program itself pays for a call, besides its operands. */
const CALLING = 4;
/** What the host takes for a call. */
function price(name: string, ...operands: readonly (number | bigint)[]): number {
  const given = operands.map((value) =>
    typeof value === "bigint" ? `(i64.const ${value})` : `(i32.const ${value})`,
  );
  const without = fuelOf(given.map((value) => `(drop ${value})`).join(" "));
  return fuelOf(`(drop (call $${name} ${given.join(" ")}))`) - without - CALLING;
}
const bytes = (count: number) => Math.ceil(count / BYTES_PER_UNIT);

test.each([
  ["sched_yield", []],
  ["clock_time_get", [0, 0n, 64]],
  ["fd_fdstat_get", [1, 64]],
  ["fd_close", [9]],
  ["args_sizes_get", [64, 68]],
  ["proc_raise", [1]],
] as const)("a call of %s costs what every call does", (name, operands) => {
  expect(price(name, ...operands)).toBe(CALL);
});

test("randomness costs its bytes, and nothing when it does not fit", () => {
  for (const length of [0, 1, 8, 9, 60_000])
    expect(price("random_get", 64, length)).toBe(CALL + ITEM + bytes(length));
  expect(price("random_get", 65_000, 60_000)).toBe(CALL);
});

test("writing costs its vectors and their bytes, also into the log that is full", () => {
  for (const fd of [1, 2]) {
    expect(price("fd_write", fd, 16, 0, 64)).toBe(CALL);
    expect(price("fd_write", fd, 16, 1, 64)).toBe(CALL + ITEM + bytes(100));
  }
  // A thousand empty vectors.
  expect(price("fd_write", 1, 8_192, 1_000, 64)).toBe(CALL + 1_000 * ITEM);
  expect(price("fd_write", 1, 8_192, 1_025, 64)).toBe(CALL);
});

test("reading costs the room that is offered for it, whatever comes", () => {
  expect(price("fd_read", 0, 16, 1, 64)).toBe(CALL + ITEM + bytes(100));
  expect(price("fd_read", 9, 16, 1, 64)).toBe(CALL);
});

test("arguments and environment cost their strings and bytes", () => {
  expect(price("args_get", 4_096, 8_192)).toBe(CALL + 2 * ITEM + bytes(8));
  expect(price("environ_get", 4_096, 8_192)).toBe(CALL + ITEM + bytes(4));
});

test("polling costs its subscriptions, of as many as it takes", () => {
  expect(price("poll_oneoff", 4_096, 32_768, 100, 64)).toBe(CALL + 100 * ITEM);
  expect(price("poll_oneoff", 4_096, 32_768, -1, 64)).toBeLessThanOrEqual(CALL + 1_024 * ITEM);
});

test("a path costs its bytes and its steps, and a listing its entries and their bytes", () => {
  expect(price("path_filestat_get", 3, 0, 2_048, 6, 64)).toBe(CALL + ITEM + bytes(6));
  expect(price("path_filestat_get", 3, 0, 2_056, 9, 64)).toBe(CALL + 3 * ITEM + bytes(9));
  const entry = (name: string) => ITEM + bytes(24 + name.length);
  const names = [".", "..", ...files.map((_, i) => `file-${i}`)];
  const all = names.reduce((sum, name) => sum + entry(name), 0);
  expect(price("fd_readdir", 3, 4_096, 4_096, 0n, 64)).toBe(CALL + all);
  expect(price("fd_readdir", 3, 4_096, 4_096, 7n, 64)).toBe(CALL);
  // The last of them, and the first byte of the second.
  expect(price("fd_readdir", 3, 4_096, 4_096, 6n, 64)).toBe(CALL + entry("file-4"));
  expect(price("fd_readdir", 3, 4_096, 26, 0n, 64)).toBe(CALL + entry(".") + ITEM + bytes(1));
});

test("a call that cannot be paid for does nothing, and ends the program", () => {
  const wat = program(`${call("log", 2_048, 6)} ${call("log", 2_048, 6)}`, { fields: FIELDS });
  const { fuelUsed } = runHere(wat);
  // Too little for the vector of the second, and too little for its call.
  for (const missing of [1, 20, 100, 550]) {
    const result = runHere(wat, { limits: { fuel: fuelUsed - missing } });
    expect(result).toMatchObject({ ending: "out-of-fuel", fuelUsed: fuelUsed - missing });
    expect(Buffer.from(result.log).toString()).toBe("file-1");
  }
});

test("vectors of which the last one does not fit cost what was gone through", () => {
  // 1,023 empty vectors and one that is too long: its length is the last word of 8192 bytes at 8192.
  const bad = "(i32.store (i32.const 16380) (i32.const -1))";
  const wat = (body: string) => program(`${bad} ${body}`, { fields: FIELDS });
  const [made, none] = [wat(`(drop ${call("fd_write", 2, 8_192, 1_024, 64)})`), wat("")].map(
    (text) => runHere(text).fuelUsed,
  );
  expect((made ?? 0) - (none ?? 0)).toBeGreaterThan(1_000 * ITEM);
});
