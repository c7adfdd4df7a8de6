/**
 * `COUNT=5000 SEED=random make fuzz`: compares random modules as they are with what the sandbox makes of them, and feeds
 * damaged ones to it. `FLOATS` and `DAMAGED` are how many programs with NaNs and damaged modules go with each seed.
 */
import { randomInt } from "node:crypto";
import { availableParallelism } from "node:os";
import { trySeeds } from "./pool.ts";
import { reproduction, Summary } from "./summary.ts";

const PROGRESS_EVERY = 50;
const say = (text: string) => process.stdout.write(`${text}\n`);
const numberFrom = (name: string, otherwise: number): number => {
  const given = process.env[name] ?? "";
  return /^\d+$/.test(given) ? Number(given) : otherwise;
};

const first = numberFrom("FUZZ_SEED", numberFrom("SEED", randomInt(2 ** 31)));
const count = numberFrom("COUNT", 5_000);
const size = { floatPrograms: numberFrom("FLOATS", 4), damaged: numberFrom("DAMAGED", 26) };
say(`seeds ${first} to ${first + count - 1}`);

const summary = new Summary();
// Whoever stops a long run early still wants to know what it found.
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    say(`stopped by ${signal}\n${summary.text}`);
    process.exit(1);
  });
await trySeeds(
  Array.from({ length: count }, (_, i) => first + i),
  size,
  availableParallelism(),
  (seed, report) => {
    summary.add(seed, report);
    for (const what of report.failures)
      say(`FAILED seed ${seed}: ${what}\n  again: ${reproduction(seed, size)}`);
    if (summary.seeds % PROGRESS_EVERY === 0)
      say(`${summary.seeds} of ${count} seeds, ${summary.failures.length} failures`);
  },
);
say(summary.text);
process.exitCode = summary.failures.length > 0 ? 1 : 0;
