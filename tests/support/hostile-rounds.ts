/**
 * A process that runs every attack, in so many rounds as its argument says, and prints the resident memory in MiB after
 * each round, when well-behaved runs have been answered.
 */
import { ATTACKS } from "./attacks.ts";
import { EXCEPTION_KEEPERS } from "./exception-keepers.ts";
import { createSandbox } from "./sandbox.ts";
import { call, program } from "./wat.ts";

const FUEL = 5_000_000;
/** What a recursion needs to fill its stack with exceptions. */
const KEEPING_FUEL = 300_000_000;
const MIB = 1_048_576;

const sandbox = createSandbox({ threads: 2, maxQueue: 1_000 });
const well = await sandbox.request(program(call("print", 64, 4)));
const attacks = [
  ...ATTACKS.map(({ wat, options = {} }) => ({ wat, options, fuel: FUEL })),
  ...EXCEPTION_KEEPERS.filter(({ what }) => what.startsWith("the largest")).map(({ wat }) => ({
    wat,
    options: { limits: {} },
    fuel: KEEPING_FUEL,
  })),
];
const requests = await Promise.all(
  attacks.map(({ wat, options, fuel }) =>
    sandbox.request(wat, { ...options, limits: { ...options.limits, fuel, wallMs: 60_000 } }),
  ),
);

for (let round = 0; round < Number(process.argv[2]); round += 1) {
  await Promise.all(
    requests.map((request, i) => sandbox.runtime.run({ ...request, runId: `${round}-${i}` })),
  );
  for (let i = 0; i < 20; i += 1) {
    const { ending } = await sandbox.runtime.run({ ...well, runId: `well-${round}-${i}` });
    if (ending !== "completed") throw new Error(`a well-behaved run ended as ${ending}`);
  }
  process.stdout.write(`${Math.round(process.memoryUsage().rss / MIB)}\n`);
}
await sandbox.close();
