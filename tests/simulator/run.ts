/** `SEEDS=n SEED=first STEPS=n make simulate`: plays seeds one after another, every other one concurrently. */
import { randomInt } from "node:crypto";
import { simulate, SimulationFailed } from "./simulate.ts";
import { startServer } from "./server.ts";

const say = (text: string) => process.stdout.write(`${text}\n`);
const numberFrom = (name: string, otherwise: number): number => {
  const given = process.env[name] ?? "";
  return /^\d+$/.test(given) ? Number(given) : otherwise;
};

const first = numberFrom("SEED", randomInt(2 ** 31));
const count = numberFrom("SEEDS", 1);
const steps = numberFrom("STEPS", 100);
say(`seeds ${first} to ${first + count - 1}, ${steps} steps each`);

const server = await startServer();
let failures = 0;
for (let seed = first; seed < first + count; seed += 1) {
  for (const mode of ["serial", "concurrent"] as const) {
    const database = await server.makeDatabase();
    const startedAt = Date.now();
    try {
      const { casts, trace } = await simulate(database, { seed, steps, mode });
      if (process.env["TRACE"] !== undefined) say(trace.join("\n"));
      say(`seed ${seed}, ${mode}: ${steps} steps, ${casts} casts, ${Date.now() - startedAt} ms`);
    } catch (error) {
      failures += 1;
      say(`FAILED ${error instanceof SimulationFailed ? error.message : String(error)}`);
    }
    await database.drop();
  }
}
await server.stop();
say(failures === 0 ? "nothing was found" : `${failures} simulations failed`);
process.exitCode = failures === 0 ? 0 : 1;
