import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("../../tests/support/hostile-rounds.ts", import.meta.url));
const ROUNDS = 6;
const MOST_GROWTH_MIB = 64;

test("after every attack, again and again, the process's resident memory returns to its level", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [script, String(ROUNDS)]);
  const resident = stdout.trim().split("\n").map(Number);
  expect(resident).toHaveLength(ROUNDS);
  // The first third reaches the level. Garbage waits for its collection: the lowest of a third is what stays.
  const [before, after] = [resident.slice(2, 4), resident.slice(4)].map((third) => Math.min(...third));
  expect(after, `resident MiB after each round: ${resident.join(", ")}`).toBeLessThan(
    (before ?? 0) + MOST_GROWTH_MIB,
  );
}, 120_000);
