import { expect, test } from "vitest";
import { ModuleRefused } from "../types.ts";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter, signed, unsigned } from "./byte-writer.ts";

const reader = (...bytes: number[]) => new ByteReader(Uint8Array.from(bytes));
const CUT = new ModuleRefused("the module ends in the middle of something");
const OVER_32 = new ModuleRefused("a number in the module has more than 32 bits");

test.each([
  [0, [0x00]],
  [127, [0x7f]],
  [128, [0x80, 0x01]],
  [16_383, [0xff, 0x7f]],
  [16_384, [0x80, 0x80, 0x01]],
  [624_485, [0xe5, 0x8e, 0x26]],
  [0x8000_0000, [0x80, 0x80, 0x80, 0x80, 0x08]],
  [0xffff_ffff, [0xff, 0xff, 0xff, 0xff, 0x0f]],
])("%d is written and read as unsigned LEB128", (value, bytes) => {
  expect(unsigned(value)).toEqual(bytes);
  expect(reader(...bytes).u32()).toBe(value);
});

test.each([
  [0n, [0x00]],
  [63n, [0x3f]],
  [64n, [0xc0, 0x00]],
  [-1n, [0x7f]],
  [-64n, [0x40]],
  [-65n, [0xbf, 0x7f]],
  [-123_456n, [0xc0, 0xbb, 0x78]],
  [2n ** 31n, [0x80, 0x80, 0x80, 0x80, 0x08]],
  [2n ** 63n - 1n, [...Array<number>(9).fill(0xff), 0x00]],
  [-(2n ** 63n), [...Array<number>(9).fill(0x80), 0x7f]],
])("%d is written as signed LEB128", (value, bytes) => {
  expect(signed(value)).toEqual(bytes);
});

test.each([
  [0, [0x00]],
  [63, [0x3f]],
  [64, [0xc0, 0x00]],
  [-64, [0x40]],
  [2 ** 31, [0x80, 0x80, 0x80, 0x80, 0x08]],
  [-(2 ** 32), [0x80, 0x80, 0x80, 0x80, 0x70]],
])("%d is read from 33 signed bits", (value, bytes) => {
  expect(reader(...bytes).s33()).toBe(value);
});

test("a number written longer than it need be is read, in five bytes at most", () => {
  expect(reader(0x85, 0x80, 0x80, 0x80, 0x00).u32()).toBe(5);
  expect(() => reader(0x85, 0x80, 0x80, 0x80, 0x80, 0x00).u32()).toThrow(OVER_32);
  expect(() => reader(0x85, 0x80, 0x80, 0x80, 0x80, 0x00).s33()).toThrow("more than 33 bits");
});

test("a number of more than 32 bits is refused", () => {
  for (const last of [0x10, 0x1f, 0x7f])
    expect(() => reader(0xff, 0xff, 0xff, 0xff, last).u32()).toThrow(OVER_32);
});

test("a number that is passed over ends where it ends, within the length of its type", () => {
  const bytes = reader(0x80, 0x80, 0x01, 9);
  bytes.skipNumber(5);
  expect(bytes.byte()).toBe(9);
  expect(() => reader(...Array<number>(6).fill(0x80)).skipNumber(5)).toThrow("longer than its type allows");
});

test("reading stops at the end that was set, though there are bytes behind it", () => {
  const section = new ByteReader(Uint8Array.of(9, 1, 2, 3, 9, 9), 1, 4);
  expect([...section.take(2)]).toEqual([1, 2]);
  expect(() => section.take(2)).toThrow(CUT);
  expect(section.peek()).toBe(3);
  expect(section.isAtEnd).toBe(false);
  expect(section.byte()).toBe(3);
  expect(section.isAtEnd).toBe(true);
  expect(() => section.byte()).toThrow(CUT);
  expect(() => section.peek()).toThrow(CUT);
  expect(() => reader(0x80).u32()).toThrow(CUT);
});

test("a list is its length and that many items, and a length beyond the end is refused where the bytes end", () => {
  const bytes = reader(3, 10, 20, 30, 40);
  expect(bytes.list(() => bytes.byte())).toEqual([10, 20, 30]);
  expect(bytes.byte()).toBe(40);
  const short = reader(0xff, 0xff, 0xff, 0xff, 0x0f, 1, 2);
  expect(() => short.list(() => short.byte())).toThrow(CUT);
});

test("a writer that has to grow keeps what was written before", () => {
  const out = new ByteWriter(1);
  for (let value = 0; value < 1_000; value += 1) out.unsigned(value);
  out.sized(Uint8Array.of(1, 2, 3));
  const bytes = new ByteReader(out.bytes);
  for (let value = 0; value < 1_000; value += 1) expect(bytes.u32()).toBe(value);
  expect([...bytes.take(bytes.u32())]).toEqual([1, 2, 3]);
  expect(bytes.isAtEnd).toBe(true);
});
