/** What takes several steps in the right order, which chance alone brings about too seldom. */
import type { Account } from "../account.ts";
import { replaceIt } from "../changes.ts";
import type { Operation } from "../operations.ts";
import type { Simulation } from "../simulation.ts";
import type { Spell } from "../terms.ts";
import { openAccount, publishSpell } from "./open.ts";
import { anyEnding } from "./request.ts";

const CENT = 10_000;

const admissions = (simulation: Simulation, account: Account, spell: Spell, count: number): Operation[] =>
  Array.from({ length: count }, () => {
    const request = simulation.request(account, spell.name, { version: "1.0.0" });
    return { verb: "admit", caster: simulation.caster(), request };
  });

const completions = (simulation: Simulation, account: Account): Operation[] =>
  account.open.map((cast) => {
    const ending = {
      ...anyEnding(simulation, cast),
      errorCode: null,
      fuelUsed: 1,
      output: null,
      failure: null,
    };
    return { verb: "settle", caster: simulation.caster(), ending };
  });

/** A daily budget is spent to its end day after day, until the most that a month may cost refuses. */
export async function spendByTheDay(simulation: Simulation): Promise<void> {
  const account = await openAccount(simulation, true);
  const spell = await publishSpell(simulation, [7 * CENT, 0, 1_000]);
  const change = replaceIt(simulation, account, "daily", 45);
  await simulation.perform([{ verb: "change", change }]);
  for (let day = 0; day < 3; day += 1) {
    await simulation.perform(admissions(simulation, account, spell, 8));
    await simulation.perform(completions(simulation, account));
    simulation.clock.passMidnight(false);
  }
}

/** A queued cast whose every start is interrupted ends after the third. */
export async function interruptForEver(simulation: Simulation): Promise<void> {
  const account = await openAccount(simulation, true);
  const spell = await publishSpell(simulation, [CENT, 0, 1_000]);
  const request = simulation.request(account, spell.name, { stdin: simulation.random.bytes(4) });
  await simulation.perform([{ verb: "admit", caster: simulation.caster(), request }]);
  for (let start = 0; start < 4; start += 1) {
    const [cast] = account.open;
    if (cast === undefined) return;
    await simulation.perform([{ verb: "start", caster: simulation.caster(), cast }]);
    simulation.clock.tick(10);
    await simulation.perform([{ verb: "sweep", caster: simulation.caster() }]);
  }
}
