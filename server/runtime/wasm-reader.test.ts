import { expect, test } from "vitest";
import { ModuleRefused } from "./types.ts";
import { encodeU32, readSections, WasmReader } from "./wasm-reader.ts";

const reader = (...bytes: number[]) => new WasmReader(Uint8Array.from(bytes));
const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

test.each([
  [0, [0x00]],
  [127, [0x7f]],
  [128, [0x80, 0x01]],
  [16_383, [0xff, 0x7f]],
  [16_384, [0x80, 0x80, 0x01]],
  [624_485, [0xe5, 0x8e, 0x26]],
  [0x8000_0000, [0x80, 0x80, 0x80, 0x80, 0x08]],
  [0xffff_ffff, [0xff, 0xff, 0xff, 0xff, 0x0f]],
])("%d is written and read as LEB128", (value, bytes) => {
  expect(encodeU32(value)).toEqual(bytes);
  expect(reader(...bytes).u32()).toBe(value);
});

test("a number written longer than it need be is read, in five bytes at most", () => {
  expect(reader(0x85, 0x80, 0x80, 0x80, 0x00).u32()).toBe(5);
  expect(() => reader(0x85, 0x80, 0x80, 0x80, 0x80, 0x00).u32()).toThrow(
    "a number in the module has more than 32 bits",
  );
});

test("a number of more than 32 bits is refused", () => {
  for (const last of [0x10, 0x1f, 0x7f])
    expect(() => reader(0xff, 0xff, 0xff, 0xff, last).u32()).toThrow(
      new ModuleRefused("a number in the module has more than 32 bits"),
    );
});

test("reading stops at the end that was set, though there are bytes behind it", () => {
  const section = new WasmReader(Uint8Array.of(9, 1, 2, 3, 9, 9), 1, 4);
  expect([...section.take(2)]).toEqual([1, 2]);
  expect(() => section.take(2)).toThrow(new ModuleRefused("the module ends in the middle of a section"));
  expect(section.byte()).toBe(3);
  expect(() => section.byte()).toThrow(ModuleRefused);
  expect(() => reader(0x80).u32()).toThrow(ModuleRefused);
  expect(() => reader(0xff, 0xff, 0xff, 0xff, 0x0f).name()).toThrow(ModuleRefused);
});

test("a name is as many bytes of UTF-8 as its length says", () => {
  const bytes = Buffer.from("mémoire");
  expect(reader(bytes.length, ...bytes, 33).name()).toBe("mémoire");
});

test("sections are found in their order with the places they take", () => {
  const bytes = Uint8Array.from([...HEADER, 1, 1, 0, 0, 3, 1, 65, 66, 10, 0x81, 0x00, 0]);
  expect(readSections(bytes)).toEqual([
    { id: 1, start: 8, contents: 10, end: 11 },
    { id: 0, start: 11, contents: 13, end: 16 },
    { id: 10, start: 16, contents: 19, end: 20 },
  ]);
  expect(readSections(Uint8Array.from(HEADER))).toEqual([]);
});

test("a section that reaches beyond the module is refused", () => {
  expect(() => readSections(Uint8Array.from([...HEADER, 1, 2, 0]))).toThrow(ModuleRefused);
});
