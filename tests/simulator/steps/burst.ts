/** Steps in which casts are asked for, run, end and are called off, while people change what binds them. */
import type { Account } from "../account.ts";
import { anyBudgetChange, anyCardChange, anyKeyChange } from "../changes.ts";
import type { Operation } from "../operations.ts";
import type { Simulation } from "../simulation.ts";
import { anyEnding, anyRequest } from "./request.ts";

/** One change of an account; undefined when it has nothing to change. */
function anyChange(simulation: Simulation, account: Account): Operation | undefined {
  switch (simulation.random.below(3)) {
    case 0:
      return { verb: "change", change: anyBudgetChange(simulation, account) };
    case 1:
      return { verb: "change", change: anyCardChange(simulation, account) };
    default: {
      const key = simulation.pick(account.keys.filter(({ isRevoked }) => !isRevoked));
      return key && { verb: "change", change: anyKeyChange(simulation, account, key) };
    }
  }
}

/** A settlement, sometimes asked twice, with the same or another ending. */
function settlements(simulation: Simulation, most: number): Operation[] {
  const { random } = simulation;
  const running = simulation.open.filter(({ state, starts }) => state === "running" || starts > 0);
  return running
    .filter(() => !random.oneIn(3))
    .slice(0, most)
    .flatMap((cast) => {
      const ending = anyEnding(simulation, cast);
      const first: Operation = { verb: "settle", caster: simulation.caster(), ending };
      if (!random.oneIn(6)) return [first];
      const other = random.oneIn(2) ? ending : anyEnding(simulation, cast);
      return [first, { verb: "settle", caster: simulation.caster(), ending: other }];
    });
}

function onQueued(simulation: Simulation): Operation[] {
  const { random } = simulation;
  return simulation.open
    .filter(({ isQueued }) => isQueued)
    .flatMap((cast): Operation[] => {
      const caster = simulation.caster();
      switch (random.below(4)) {
        case 0:
          return [{ verb: "cancel", caster, cast }];
        case 1:
          return [
            { verb: "start", caster, cast },
            { verb: "start", caster: simulation.caster(), cast },
          ];
        case 2:
          return [
            { verb: "start", caster, cast },
            { verb: "cancel", caster: simulation.caster(), cast },
          ];
        default:
          return [];
      }
    });
}

/** In an order that the seed decides. */
function shuffled({ random }: Simulation, operations: readonly Operation[]): Operation[] {
  return operations
    .map((operation) => ({ operation, rank: random.u32() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ operation }) => operation);
}

/** Everything that a busy moment of a few accounts may hold. */
export function anyOperations(simulation: Simulation, admissions: number): Operation[] {
  const { random } = simulation;
  const busy = simulation.accounts.filter(() => random.oneIn(3));
  const accounts = busy.length > 0 ? busy : simulation.accounts.slice(0, 1);
  const operations: Operation[] = [...settlements(simulation, 12), ...onQueued(simulation)];
  for (let i = 0; i < admissions; i += 1) {
    const account = simulation.pick(accounts);
    if (account === undefined) break;
    const request = anyRequest(simulation, account);
    operations.push({ verb: "admit", caster: simulation.caster(), request });
    // The same request again, as a client that heard nothing sends it.
    if (request.idempotency !== null && random.oneIn(3)) {
      const again = { ...request, castId: simulation.id() };
      operations.push({ verb: "admit", caster: simulation.caster(), request: again });
    }
  }
  for (const account of accounts) {
    const change = random.oneIn(3) ? anyChange(simulation, account) : undefined;
    if (change !== undefined) operations.push(change);
  }
  if (random.oneIn(3)) operations.push({ verb: "sweep", caster: simulation.caster() });
  return shuffled(simulation, operations);
}

/** A busy moment. */
export async function burst(simulation: Simulation): Promise<void> {
  await simulation.perform(anyOperations(simulation, 4 + simulation.random.below(20)));
}

/** One account asks for the same paid spell over and over, through all processes: its limit is met exactly. */
export async function rush(simulation: Simulation): Promise<void> {
  const { random, model } = simulation;
  const account = simulation.pick(simulation.accounts);
  const spell = simulation.pick(model.spells);
  if (account === undefined || spell === undefined) return;
  const prefix = simulation.pick(account.keys.filter(({ isRevoked }) => !isRevoked))?.prefixes[0] ?? null;
  const operations = Array.from({ length: 10 + random.below(20) }, (): Operation => {
    const keyPrefix = random.oneIn(4) ? null : prefix;
    const request = simulation.request(account, spell.name, { keyPrefix, version: "1.0.0" });
    return { verb: "admit", caster: simulation.caster(), request };
  });
  await simulation.perform(operations);
}

/** Only settlements, each at once: room is made. */
export async function finish(simulation: Simulation): Promise<void> {
  await simulation.perform(settlements(simulation, 200));
}
