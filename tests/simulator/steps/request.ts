import type { CastEnding, CastRequest } from "../../../server/db/casts.ts";
import type { Account, Cast } from "../account.ts";
import type { Simulation } from "../simulation.ts";

const CENT = 10_000;

/** The prefix of one of the account's keys, seldom of another's, or none. */
function anyPrefix(simulation: Simulation, account: Account): string | null {
  const { random } = simulation;
  if (random.oneIn(4)) return null;
  const owner = random.oneIn(20) ? simulation.pick(simulation.accounts) : account;
  const key = simulation.pick(owner?.keys ?? []);
  return key === undefined ? null : (simulation.pick(key.prefixes) ?? null);
}

/** A request as anybody might send it: few spells and few Idempotency-Keys, so that they meet. */
export function anyRequest(simulation: Simulation, account: Account): CastRequest {
  const { random, model } = simulation;
  const spell = simulation.pick(model.spells);
  const name = random.oneIn(2) ? spell?.name : spell?.key;
  const version = simulation.pick(spell?.versions ?? []);
  const [key, digest] = [random.below(4), random.oneIn(4) ? 1 : 0];
  return simulation.request(account, random.oneIn(40) ? "unknown" : (name ?? "unknown"), {
    keyPrefix: anyPrefix(simulation, account),
    version: random.oneIn(4) ? (version?.version ?? null) : null,
    maxCostMicros: random.oneIn(4) ? random.below(6) * CENT : null,
    idempotency: random.oneIn(3)
      ? { key: Buffer.from(`key ${key}`), requestDigest: Buffer.alloc(32, digest) }
      : null,
    stdin: random.oneIn(4) ? random.bytes(4) : null,
  });
}

/** How a cast may end. Fuel that runs out is all that was held. */
export function anyEnding({ random }: Simulation, cast: Cast): CastEnding {
  const fuelUsed = 1 + random.below(cast.fuelLimit);
  const [errorCode, fuel] = random.pick<readonly [string | null, number | null]>([
    [null, fuelUsed],
    [null, cast.fuelLimit],
    [null, fuelUsed],
    ["WASM_TRAP", fuelUsed],
    ["FUEL_EXHAUSTED", cast.fuelLimit],
    ["FUEL_EXHAUSTED", cast.fuelLimit],
    ["WALL_TIME", null],
    ["BUSY", null],
  ]);
  const isKept = cast.idempotencyKey !== null;
  return {
    castId: cast.id,
    accountId: cast.account.id,
    errorCode,
    fuelUsed: fuel,
    durationMs: 1.5,
    outputDigest: errorCode === null ? random.bytes(32) : null,
    log: new Uint8Array(),
    output: isKept && errorCode === null ? random.bytes(8) : null,
    failure: isKept && errorCode !== null ? "It failed." : null,
  };
}
