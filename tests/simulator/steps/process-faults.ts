/** Steps in which a process dies, or stands still, between what it asked and what it does next. */
import type { ProcessCaster } from "../process-caster.ts";
import type { Operation } from "../operations.ts";
import type { Simulation } from "../simulation.ts";
import { anyEnding, anyRequest } from "./request.ts";

const runningOf = (simulation: Simulation) =>
  simulation.pick(simulation.open.filter(({ state, isQueued }) => state === "running" && !isQueued));

/** It admitted a cast, or settled one, and nobody will hear of it. */
export async function die(simulation: Simulation, process: ProcessCaster): Promise<void> {
  const [account, cast] = [simulation.pick(simulation.accounts), runningOf(simulation)];
  if (account === undefined) return;
  const isSettling = cast !== undefined && simulation.random.oneIn(2);
  const operation: Operation = isSettling
    ? { verb: "settle", caster: process, ending: anyEnding(simulation, cast) }
    : { verb: "admit", caster: process, request: anyRequest(simulation, account) };
  process.next("killed-after");
  await simulation.perform([operation]);
  await process.revive();
}

/** It has run a cast and stands still; the cast is swept, and then it wakes and settles what is gone. */
export async function stall(simulation: Simulation, process: ProcessCaster): Promise<void> {
  const cast = runningOf(simulation);
  if (cast === undefined) return;
  const ending = anyEnding(simulation, cast);
  process.next("stopped-before");
  const late = process.settle(ending);
  // Should the sweep fail before anybody waits for it, that failure is the one to tell.
  late.catch(() => undefined);
  await process.stopped();
  try {
    simulation.clock.tick(10);
    await simulation.perform([{ verb: "sweep", caster: simulation.casters.all[0] }]);
  } finally {
    process.goOn();
  }
  await simulation.perform([{ verb: "settle", caster: { ...process, settle: () => late }, ending }]);
}
