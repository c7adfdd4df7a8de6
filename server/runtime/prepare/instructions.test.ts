import { expect, test } from "vitest";
import { refusal } from "../../../tests/support/sandbox.ts";
import { binary, binaryCode, leb, sized, vector } from "../../../tests/support/wat.ts";
import { PREFIX } from "./instruction.ts";
import { INSTRUCTIONS } from "./instructions.ts";

const [UNREACHABLE, END] = [0x00, 0x0b];
const PREFIXES = [0xfb, 0xfc, 0xfd, 0xfe];
const plain = Array.from({ length: 0xfb }, (_, byte) => ({ code: byte, bytes: [byte] }));
const prefixed = PREFIXES.flatMap((prefix) =>
  Array.from({ length: 0x120 }, (_, number) => ({
    code: prefix * PREFIX + number,
    bytes: [prefix, ...leb(number)],
  })),
);
/** A tag, a table, globals, a passive segment of each kind: something for the index 0 of every instruction. */
const surroundings = {
  4: vector([[0x70, 0, 1]]),
  13: vector([[0, 0]]),
  6: vector([[0x7f, 1, 0x41, 0, END]]),
  9: vector([[1, 0, 1, 0]]),
  12: [1],
  11: vector([[1, ...sized([7])]]),
};

/** What may have to stand in front of an instruction, first among its immediates, and behind it. */
const FORMS: readonly (readonly [before: number[], first: number[], behind: number[]])[] = [
  [[], [], []],
  [[], [0x40], [END]],
  [[], [0x70], []],
  [[], [1, 0x70], []],
  [[0x04, 0x40], [], [END]],
  [[0x06, 0x40], [], [END]],
  [[0x06, 0x40], [], []],
  [[0x06, 0x40, 0x19], [], [END]],
];

const moduleOf = (code: readonly number[]) =>
  Uint8Array.from(binary({ ...surroundings, 10: binaryCode(code, [[1, 0x7f]]) }));

/** Modules with the instruction in code that is never reached, and just as many zeros behind it as the engine wants. */
function modulesWith({ code, bytes }: { code: number; bytes: readonly number[] }): Uint8Array[] {
  const isPlain = code < PREFIX;
  return FORMS.slice(0, isPlain ? FORMS.length : 1).flatMap(([before, first, behind]) => {
    for (let zeros = 0; zeros <= (isPlain ? 8 : 16); zeros += 1) {
      const immediates = [...first, ...Array<number>(zeros).fill(0)];
      const module = moduleOf([UNREACHABLE, ...before, ...bytes, ...immediates, UNREACHABLE, ...behind]);
      if (WebAssembly.validate(module)) return [module];
    }
    return [];
  });
}

test("whatever the engine takes is in the table and prepared, or is not and refused", () => {
  let refused = 0;
  for (const instruction of [...plain, ...prefixed]) {
    const { code } = instruction;
    const given = new Set(modulesWith(instruction).map((module) => refusal(module)));
    expect(given.has(null), `0x${code.toString(16)}`).toBe(INSTRUCTIONS.has(code));
    given.delete(null);
    refused += given.size;
    for (const message of given) expect(message).toMatch(/not allowed|collection|typed|relaxed|atomic/);
  }
  expect(refused).toBeGreaterThan(50);
});

test("an instruction's number written in more bytes than it needs is the same instruction", () => {
  const long = binary({ 10: binaryCode([UNREACHABLE, 0xfd, 0xcd, 0x80, 0x00, 0x1a]) });
  expect(WebAssembly.validate(Uint8Array.from(long))).toBe(true);
  expect(refusal(long)).toBeNull();
});

test("no instruction stands twice in the table but select, and each has a fuel of at least nothing", () => {
  const names = [...INSTRUCTIONS.values()].map(({ name }) => name);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual(["select"]);
  for (const { weight } of INSTRUCTIONS.values()) expect(weight).toBeGreaterThanOrEqual(0);
});
