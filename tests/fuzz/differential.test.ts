import { randomInt } from "node:crypto";
import { expect, test } from "vitest";
import { trySeeds } from "./pool.ts";
import { reproduction, Summary } from "./summary.ts";

const SEEDS = 150;
const SIZE = { floatPrograms: 6, damaged: 40 };

test("random modules do the same prepared as unprepared, and damaged ones are refused or sound", async () => {
  const first = Number(process.env["FUZZ_SEED"] ?? randomInt(2 ** 31));
  process.stdout.write(`FUZZ_SEED=${first}\n`);
  const summary = new Summary();
  const seeds = Array.from({ length: SEEDS }, (_, i) => first + i);
  await trySeeds(seeds, SIZE, 2, (seed, report) => summary.add(seed, report));
  process.stdout.write(`${summary.text}\n`);
  expect(summary.failures.map(({ seed, what }) => `${what}\n  again: ${reproduction(seed, SIZE)}`)).toEqual(
    [],
  );
  // Nothing is proved by a harness that compares nothing.
  expect(summary.same).toBeGreaterThan(SEEDS * 5);
  expect(summary.withNans).toBeGreaterThan(SEEDS);
  expect(summary.damagedSound).toBeGreaterThan(SEEDS);
}, 300_000);
