/** `SEEDS=n STEPS=n make simulate-bugs`: plants each bug in turn and says whether, and when, the simulator found it. */
import { BUGS, plant, type PlantedBug } from "./bugs.ts";
import { startServer, type SimulatorServer } from "./server.ts";
import { simulate, SimulationFailed } from "./simulate.ts";

const say = (text: string) => process.stdout.write(`${text}\n`);
const numberFrom = (name: string, otherwise: number): number => {
  const given = process.env[name] ?? "";
  return /^\d+$/.test(given) ? Number(given) : otherwise;
};

const firstSeed = numberFrom("SEED", 1);
const seeds = numberFrom("SEEDS", 8);
const steps = numberFrom("STEPS", 80);

/** Plays seeds until one fails; null: none did. */
async function hunt(server: SimulatorServer, bug: PlantedBug): Promise<string | null> {
  let played = 0;
  for (let seed = firstSeed; seed < firstSeed + seeds; seed += 1) {
    const mode = bug.needsConcurrency === true ? "concurrent" : "serial";
    const database = await server.makeDatabase();
    try {
      await plant(database.ownerUrl, bug);
      await simulate(database, { seed, steps, mode });
      played += steps;
    } catch (error) {
      if (!(error instanceof SimulationFailed)) throw error;
      const what = error.cause instanceof Error ? error.cause.message : String(error.cause);
      return `after ${played + error.step} steps (seed ${seed}): ${what.split("\n")[0] ?? ""}`;
    } finally {
      await database.drop();
    }
  }
  return null;
}

const only = process.env["BUG"];
const server = await startServer();
let missed = 0;
const chosen = BUGS.filter(({ name }) => only === undefined || name.includes(only));
for (const bug of chosen) {
  const found = await hunt(server, bug);
  if (found === null) missed += 1;
  say(`${found === null ? "NOT FOUND" : "found"}: ${bug.name}\n  ${found ?? `in ${seeds * steps} steps`}`);
}
await server.stop();
say(`${chosen.length - missed} of ${chosen.length} planted bugs found`);
process.exitCode = missed === 0 ? 0 : 1;
