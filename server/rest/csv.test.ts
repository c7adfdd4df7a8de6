import { expect, test } from "vitest";
import { toCsv, type Cell } from "./csv.ts";

/** Reads CSV as RFC 4180 states it: the test's own reading, not the writer's rules backwards. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at < text.length;) {
    let cell = "";
    if (text[at] === '"') {
      for (at += 1; text[at] !== '"' || text[at + 1] === '"'; at += 1) {
        if (text[at] === '"') at += 1;
        cell += text.charAt(at);
      }
      at += 1;
    } else {
      while (text[at] !== "," && text[at] !== "\r") cell += text.charAt(at++);
    }
    row.push(cell);
    if (text[at] === ",") at += 1;
    else {
      expect(text.slice(at, at + 2)).toBe("\r\n");
      at += 2;
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

const written = (cell: Cell) => readCsv(toCsv(["a", "b"], [{ a: cell, b: 1 }]))[1];

test("lines end as the RFC has it, the header is first, and an empty table has one", () => {
  expect(toCsv(["day", "calls"], [])).toBe("day,calls\r\n");
  expect(toCsv(["day", "calls"], [{ day: "2026-11-01", calls: 2 }])).toBe("day,calls\r\n2026-11-01,2\r\n");
});

test.each([
  "plain",
  'a "quoted" name',
  "comma, comma",
  "two\r\nlines",
  "日本語 🪄",
  " space ",
  '"',
  ",",
  "",
  "a'b",
])("%j is read back as it was written", (text) => {
  expect(written(text)).toEqual([text, "1"]);
});

test.each([
  "=1+1",
  "+1",
  "-1",
  "@SUM(A1)",
  '=HYPERLINK("http://x","y")',
  " =1",
  "\t=1",
  "\r=1",
  "\u00a0=1",
  "\u0000=1",
  "\uff1d1",
  '"=1',
])("the text %j is no formula to a spreadsheet", (text) => {
  const [cell = ""] = written(text) ?? [];
  expect(cell.startsWith('"') ? cell : cell.slice(1)).toBe(text);
  expect(cell).toMatch(/^['"]/);
});

test("a number is a number, a missing member an empty field", () => {
  expect(toCsv(["a", "b", "c"], [{ a: 12_345_678_901, c: null }])).toBe("a,b,c\r\n12345678901,,\r\n");
});

test("a row cannot add columns, whatever stands in it", () => {
  expect(written('x",y\r\nz')).toHaveLength(2);
});
