import { expect, test } from "vitest";
import { z } from "zod";
import { InvalidRequest } from "../errors.ts";
import { cutPage, pageInput, pageOf, readCursor, writeCursor } from "./paging.ts";

const PARTS = z.tuple([z.iso.datetime(), z.uuid()]);
const AT = "2026-11-05T10:00:00.123Z";
const ID = "0199a2b4-0000-7000-8000-000000000001";

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
const page = (rows: readonly number[], limit: number) =>
  cutPage(
    rows,
    limit,
    (row) => `row ${row}`,
    (row) => [String(row)],
  );

test("a page has 20 rows unless the caller says otherwise, in text or as a number", () => {
  expect(pageInput.parse({})).toEqual({ limit: 20 });
  expect(pageInput.parse({ limit: "5", cursor: "abc" })).toEqual({ limit: 5, cursor: "abc" });
  expect(pageInput.parse({ limit: 100 }).limit).toBe(100);
});

test.each(["0", "-1", "101", "1.5", "many", "", "1e9", "NaN"])("a limit of %j is refused", (limit) => {
  expect(pageInput.safeParse({ limit }).success).toBe(false);
});

test("a cursor of more than 500 characters is refused before it is read", () => {
  expect(pageInput.safeParse({ cursor: "a".repeat(500) }).success).toBe(true);
  expect(pageInput.safeParse({ cursor: "a".repeat(501) }).success).toBe(false);
});

test("a cursor is read back as it was written, and needs no escaping in an address", () => {
  const cursor = writeCursor([AT, ID]);
  expect(readCursor(cursor, PARTS)).toEqual([AT, ID]);
  expect(encodeURIComponent(cursor)).toBe(cursor);
  const odd = ["naïve/日本", '"+ &?#', ""];
  expect(readCursor(writeCursor(odd), z.array(z.string()))).toEqual(odd);
});

test.each([
  ["nothing", ""],
  ["what is not base64", "%%%"],
  ["what is not JSON", Buffer.from("2026").toString("base64url").slice(1)],
  ["another list's cursor", writeCursor(["echo"])],
  ["parts of the wrong kind", writeCursor([AT, "1 or 1=1"])],
  ["too many parts", writeCursor([AT, ID, ID])],
  ["an object", Buffer.from("{}").toString("base64url")],
  ["a cursor cut short", writeCursor([AT, ID]).slice(0, -3)],
])("%s is not a cursor of this list", (_what, cursor) => {
  expect(() => readCursor(cursor, PARTS)).toThrow(InvalidRequest);
  expect(() => readCursor(cursor, PARTS)).toThrow(/^cursor: is not a cursor this list gave$/);
});

test.each([
  ["no rows", 0, 3, 0, null],
  ["fewer rows than the limit", 2, 3, 2, null],
  ["just as many rows as the limit", 3, 3, 3, null],
  ["one row more than the limit", 4, 3, 3, "3"],
  ["a limit of one", 2, 1, 1, "1"],
])("of %s the page shows what fits and says whether there is more", (_what, rows, limit, shown, last) => {
  const { data, next_cursor: cursor } = page(numbers(rows), limit);
  expect(data).toEqual(numbers(shown).map((row) => `row ${row}`));
  expect(cursor).toBe(last === null ? null : writeCursor([last]));
});

test("following the cursors shows every row once and ends", () => {
  const rows = numbers(10);
  const seen: string[] = [];
  let from = 0;
  for (let pages = 0; pages < 10; pages += 1) {
    const { data, next_cursor: cursor } = page(rows.slice(from, from + 4), 3);
    seen.push(...data);
    if (cursor === null) break;
    from = Number(readCursor(cursor, z.tuple([z.string()]))[0]);
  }
  expect(seen).toEqual(rows.map((row) => `row ${row}`));
});

test("the shape of a page is its rows and a cursor or null", () => {
  const shape = pageOf(z.number());
  expect(shape.safeParse({ data: [1], next_cursor: null }).success).toBe(true);
  expect(shape.safeParse({ data: ["1"], next_cursor: null }).success).toBe(false);
  expect(shape.safeParse({ data: [1] }).success).toBe(false);
});
