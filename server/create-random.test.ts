import { expect, test } from "vitest";
import { createRandom } from "./create-random.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

test("bytes come in the number asked for, in memory of their own, and never twice", () => {
  const random = createRandom();
  const counts = [16, 32, 4_096, 32, 10_000, 4_095, 32];
  const drawn = Array.from({ length: 1_000 }, (_, i) => random.bytes(counts[i % counts.length] ?? 32));
  for (const [i, bytes] of drawn.entries())
    expect([bytes.length, bytes.buffer.byteLength]).toEqual([
      counts[i % counts.length],
      counts[i % counts.length],
    ]);
  const pieces = drawn.flatMap((bytes) => hex(bytes).match(/.{32}/g) ?? []);
  expect(new Set(pieces).size).toBe(pieces.length);
  expect(pieces, "nothing that was wiped is given out").not.toContain("0".repeat(32));
});

test("what has been given out stays as it is while more is drawn", () => {
  const random = createRandom();
  const first = random.bytes(32);
  const before = hex(first);
  for (let i = 0; i < 1_000; i += 1) random.bytes(32).fill(0);
  expect(hex(first)).toBe(before);
});

test("no bytes are no bytes", () => {
  expect(createRandom().bytes(0)).toEqual(new Uint8Array());
});
