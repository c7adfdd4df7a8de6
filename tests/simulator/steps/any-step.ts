/** Which step comes next, by the seed. */
import type { Proxy } from "../../support/postgres-proxy.ts";
import type { Operation } from "../operations.ts";
import type { ProcessCaster } from "../process-caster.ts";
import type { Simulation } from "../simulation.ts";
import { burst, finish, rush } from "./burst.ts";
import { loseAdmission, loseSettlement, rollBack, settleUnknown, waitOverMidnight } from "./faults.ts";
import { die, stall } from "./process-faults.ts";
import { interruptForEver, spendByTheDay } from "./long-stories.ts";
import { makeKey, openAccount, publishSpell, publishVersion, toggle } from "./open.ts";

export interface Step {
  readonly name: string;
  /** How often among the others. */
  readonly weight: number;
  run(simulation: Simulation): Promise<unknown>;
}

const sweepOf = (simulation: Simulation): Operation[] => [{ verb: "sweep", caster: simulation.caster() }];

/** More than every deadline, so that whatever is left is overdue. */
const TICKS_OF_A_QUEUE = 90;

async function passTime(simulation: Simulation, pass: () => void): Promise<void> {
  pass();
  const operations = simulation.random.oneIn(3) ? [] : sweepOf(simulation);
  await simulation.perform(operations);
}

const processSteps = (process: ProcessCaster): Step[] => [
  { name: "process dies", weight: 3, run: (simulation) => die(simulation, process) },
  { name: "process stalls", weight: 2, run: (simulation) => stall(simulation, process) },
];

/** Every kind of step. `process`: one that can die and stand still. `proxy` stands before the connections that can be cut. */
export const stepsWith = (proxy: Proxy, process: ProcessCaster | null): Step[] => [
  ...(process === null ? [] : processSteps(process)),
  { name: "burst", weight: 30, run: burst },
  { name: "rush", weight: 8, run: rush },
  { name: "finish", weight: 6, run: finish },
  { name: "open account", weight: 1, run: (simulation) => openAccount(simulation) },
  {
    name: "make key",
    weight: 4,
    run: async (simulation) => {
      const account = simulation.pick(simulation.accounts);
      if (account !== undefined) await makeKey(simulation, account);
    },
  },
  { name: "publish spell", weight: 1, run: (simulation) => publishSpell(simulation) },
  {
    name: "publish version",
    weight: 4,
    run: async (simulation) => {
      const spell = simulation.pick(simulation.model.spells);
      if (spell !== undefined) await publishVersion(simulation, spell);
    },
  },
  {
    name: "toggle",
    weight: 2,
    run: async (simulation) => {
      const spell = simulation.pick(simulation.model.spells);
      if (spell !== undefined) await toggle(simulation, spell);
    },
  },
  { name: "sweep", weight: 2, run: (simulation) => simulation.perform(sweepOf(simulation)) },
  { name: "minute", weight: 4, run: (simulation) => passTime(simulation, () => simulation.clock.tick(10)) },
  {
    name: "queue's time",
    weight: 1,
    run: (simulation) => passTime(simulation, () => simulation.clock.tick(TICKS_OF_A_QUEUE)),
  },
  {
    name: "midnight",
    weight: 3,
    run: (simulation) => passTime(simulation, () => simulation.clock.passMidnight(false)),
  },
  {
    name: "month's end",
    weight: 1,
    run: (simulation) => passTime(simulation, () => simulation.clock.passMidnight(true)),
  },
  { name: "roll back", weight: 3, run: rollBack },
  { name: "settlement's answer lost", weight: 3, run: (simulation) => loseSettlement(simulation, proxy) },
  { name: "admission's answer lost", weight: 3, run: (simulation) => loseAdmission(simulation, proxy) },
  { name: "unknown settlement", weight: 2, run: settleUnknown },
  { name: "wait over midnight", weight: 2, run: waitOverMidnight },
  { name: "spend by the day", weight: 1, run: spendByTheDay },
  { name: "interrupt for ever", weight: 1, run: interruptForEver },
];

export function chooseStep({ random }: Simulation, steps: readonly Step[]): Step {
  let left = random.below(steps.reduce((sum, { weight }) => sum + weight, 0));
  for (const step of steps) {
    left -= step.weight;
    if (left < 0) return step;
  }
  throw new Error("there is no step to choose");
}

/** Time passes until no hold may be left, whatever its process did. */
export async function passEveryDeadline(simulation: Simulation): Promise<void> {
  // One queued cast may have to go back to the queue, and be overdue there, too.
  for (let round = 0; round < 2; round += 1) {
    simulation.clock.tick(TICKS_OF_A_QUEUE);
    await simulation.perform(sweepOf(simulation));
  }
}
