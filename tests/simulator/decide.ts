/** What admission must answer, from what the product promises of keys, limits, prices, free fuel and repeated requests. */
import type { AdmissionSettings, CastRequest } from "../../server/db/casts.ts";
import type { Account, Key, Used } from "./account.ts";
import { dayOf, fuelWithin, monthOf, priceOf, type Spell, type Version } from "./terms.ts";

const MINUTE_MS = 60_000;
const STEP_MS = 3_000;

export interface Limit extends Used {
  readonly source: "budget" | "key" | "allowance";
  readonly hard: number;
}

/** The decisions that are right; with the limits that refuse, when they do. */
export interface Expectation {
  readonly decisions: ReadonlySet<string>;
  readonly limits: readonly Limit[];
  /** Set when it is admitted. */
  readonly terms: { readonly spell: Spell; readonly version: Version; readonly fuelLimit: number } | null;
}

const exactly = (...decisions: readonly string[]): Expectation => ({
  decisions: new Set(decisions),
  limits: [],
  terms: null,
});

const DECISION_OF = {
  budget: "budget_exceeded",
  key: "key_limit_exceeded",
  allowance: "payment_method_required",
} as const;

/** Every limit in force for this key at this moment. */
export function limitsInForce(
  account: Account,
  key: Key | null,
  at: number,
  settings: AdmissionSettings,
): Limit[] {
  const [day, month] = [dayOf(at), monthOf(at)];
  const limits: Limit[] = [];
  const inDay = account.used((cast) => cast.day === day);
  const inMonth = account.used((cast) => cast.month === month);
  if (account.budget?.period === "daily") {
    limits.push({ source: "budget", hard: account.budget.hardMicros, ...inDay });
    limits.push({ source: "budget", hard: settings.maximumMicros, ...inMonth });
  } else if (account.budget !== null) {
    limits.push({ source: "budget", hard: account.budget.hardMicros, ...inMonth });
  } else if (account.hasCard) limits.push({ source: "budget", hard: settings.defaultMicros, ...inMonth });
  if (key !== null && key.limitMicros !== null) {
    const used = account.used((cast) => cast.key === key && cast.month === month);
    limits.push({ source: "key", hard: key.limitMicros, ...used });
  }
  if (!account.hasCard) {
    const used = account.used((cast) => cast.funding === "allowance" && cast.month === month);
    limits.push({ source: "allowance", hard: settings.allowanceMicros, ...used });
  }
  return limits;
}

const left = ({ hard, settled, held }: Limit): number => hard - settled - held;

export function keyOf(account: Account, prefix: string | null): Key | null {
  return account.keys.find(({ prefixes }) => prefix !== null && prefixes.includes(prefix)) ?? null;
}

function versionFor(spells: readonly Spell[], request: CastRequest) {
  const spell = spells.find(({ name, key }) => name === request.spell || key === request.spell);
  if (spell?.isActive !== true) return null;
  const version = spell.versions.findLast(
    (v) => v.isActive && (request.version === null || v.version === request.version),
  );
  return version === undefined ? null : { spell, version };
}

/** What a repeat of a request that stands is answered; null when none stands. */
function repeatOf(account: Account, { idempotency }: CastRequest, at: number): string | null {
  if (idempotency === null) return null;
  const first = account.firstRequests.get(Buffer.from(idempotency.key).toString("hex"));
  if (first === undefined || first.expiresAt <= at) return null;
  if (first.digest !== Buffer.from(idempotency.requestDigest).toString("hex")) return "idempotency_mismatch";
  if (first.cast.isQueued) return "queued_before";
  return first.cast.state === "ended" ? "repeated" : "in_progress";
}

/** What is right for a request whose credential is good, whose rate is kept, and which repeats none that stands. */
function decideNew(
  account: Account,
  key: Key | null,
  spells: readonly Spell[],
  request: CastRequest,
  at: number,
  settings: AdmissionSettings,
): Expectation {
  const found = versionFor(spells, request);
  if (found === null) return exactly("spell_not_found");
  const { spell, version } = found;
  const fuelLimit = fuelWithin(version, request.maxCostMicros);
  if (fuelLimit === null) return exactly("max_cost_exceeded");
  const hold = priceOf(version, fuelLimit);

  const reasons = new Set<string>();
  const last = account.lastPrices.get(spell.id);
  const isDearer =
    last !== undefined && (version.flatMicros > last.flatMicros || version.rateMicros > last.rateMicros);
  if (isDearer && request.version === null && request.maxCostMicros === null) reasons.add("price_changed");

  const free = account.freeFuel(dayOf(at));
  const isFreeFuelGone =
    free.settled >= settings.freeFuelDaily ||
    (hold === 0 && free.settled + free.held + fuelLimit > settings.freeFuelDaily);
  if (isFreeFuelGone) reasons.add("free_fuel_exhausted");

  const refusing =
    hold === 0 ? [] : limitsInForce(account, key, at, settings).filter((limit) => left(limit) < hold);
  const least = Math.min(...refusing.map(left));
  const named = refusing.filter((limit) => left(limit) === least);
  for (const { source } of named) reasons.add(DECISION_OF[source]);
  return reasons.size > 0
    ? { decisions: reasons, limits: named, terms: null }
    : { decisions: new Set(["admitted"]), limits: [], terms: { spell, version, fuelLimit } };
}

/** The answers that are right for a request at this moment. `at`: milliseconds of the simulated clock. */
export function decide(
  account: Account,
  spells: readonly Spell[],
  request: CastRequest,
  at: number,
  settings: AdmissionSettings,
): Expectation {
  const key = keyOf(account, request.keyPrefix);
  const isDead = key === null ? request.keyPrefix !== null : key.isRevoked || (key.expiresAt ?? at + 1) <= at;
  if (isDead) return exactly("unauthenticated");

  account.requestsAt.push(at);
  const perhaps = [...account.requestsAt, ...account.perhapsAt].filter((t) => t > at - MINUTE_MS).length;
  // A minute starts with its first request, wherever that was: what comes in one step is in one minute.
  const atOnce = account.requestsAt.filter((t) => t > at - STEP_MS).length;
  if (atOnce > settings.rateLimit) return exactly("rate_limited");
  const withinRate = key !== null && !key.scopes.includes("cast") ? exactly("insufficient_scope") : undefined;
  const repeat = repeatOf(account, request, at);
  const otherwise =
    withinRate ??
    (repeat === null ? decideNew(account, key, spells, request, at, settings) : exactly(repeat));
  return perhaps > settings.rateLimit
    ? { ...otherwise, decisions: new Set([...otherwise.decisions, "rate_limited"]) }
    : otherwise;
}
