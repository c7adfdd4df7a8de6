import { expect, test } from "vitest";
import { readDollars, writeDollars } from "./read-dollars.ts";

test.each([
  ["100", 10_000],
  ["100.50", 10_050],
  ["100.5", 10_050],
  ["100.", 10_000],
  ["$100", 10_000],
  [" $ 100.05 ", 10_005],
  ["US$50", 5_000],
  ["100 USD", 10_000],
  ["1,000.01", 100_001],
  ["１００．５０", 10_050],
  ["＄１００", 10_000],
  ["１，０００ドル", 100_000],
  ["10。5", 1_050],
  ["0.29", 29],
  ["0", 0],
])("%s is %d cents", (typed, cents) => {
  expect(readDollars(typed)).toEqual({ kind: "amount", cents });
});

test.each([
  ["", "empty"],
  ["  ", "empty"],
  ["ten", "unreadable"],
  ["-5", "unreadable"],
  ["1e3", "unreadable"],
  ["10,5", "unreadable"],
  ["1.000,50", "unreadable"],
  ["¥100", "unreadable"],
  ["$", "unreadable"],
  ["12345678901", "unreadable"],
  ["10.001", "too-exact"],
])("%j is %s", (typed, kind) => {
  expect(readDollars(typed)).toEqual({ kind });
});

test("what is written is read as the same", () => {
  for (const cents of [0, 5, 29, 100, 1_050, 50_000]) {
    expect(readDollars(writeDollars(cents))).toEqual({ kind: "amount", cents });
  }
  expect([writeDollars(10_000), writeDollars(1_005)]).toEqual(["100", "10.05"]);
});
