/** Follows what the database did, event by event in the order of its locks, and holds each against what is right. */
import type { AdmissionSettings, Admission, CastRequest } from "../../server/db/casts.ts";
import { isReleased, type Account, type Budget, type Cast, type Ending } from "./account.ts";
import { decide, keyOf, type Expectation, type Limit } from "./decide.ts";
import type { CastRow, EndedEvent, Event, RequestEvent } from "./events.ts";
import { dayOf, monthOf, priceOf, type Spell } from "./terms.ts";
import { hold } from "./violation.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** What a cast that ends like this is charged. */
export function chargeOf({ version, isCapped }: Cast, { errorCode, fuelUsed }: Ending): number {
  const usedUpItsCap = errorCode === "FUEL_EXHAUSTED" && isCapped && version.rateMicros > 0;
  return errorCode === null || usedUpItsCap ? priceOf(version, fuelUsed ?? Number.NaN) : 0;
}

export class Model {
  readonly accounts = new Map<string, Account>();
  readonly spells: Spell[] = [];
  readonly casts = new Map<string, Cast>();
  /** The endings that somebody asked for, by cast. */
  readonly asked = new Map<string, Ending[]>();
  /** Casts that their account tried to call off. */
  readonly cancelled = new Set<string>();
  readonly settings: AdmissionSettings;

  constructor(settings: AdmissionSettings) {
    this.settings = settings;
  }

  /** Takes in what happened in a step whose clock was `offsetMs` ahead. @throws Violation */
  follow(events: readonly Event[], offsetMs: number): void {
    const ordered = [...events].sort((a, b) => a.atMicros - b.atMicros || a.position - b.position);
    for (const event of ordered) {
      if (event.kind === "changed") event.change();
      else if (event.kind === "request") this.#request(event, offsetMs);
      else this.#ended(event, offsetMs);
    }
  }

  account(id: string): Account {
    const account = this.accounts.get(id);
    hold(account !== undefined, () => `${id} is no account of the simulator's`);
    return account;
  }

  #request({ request, admission, row, atMicros }: RequestEvent, offsetMs: number): void {
    const account = this.account(request.accountId);
    const at = atMicros / 1_000 + offsetMs;
    if (admission === null && row === null) {
      account.perhapsAt.push(at);
      return;
    }
    const expected = decide(account, this.spells, request, at, this.settings);
    const decision = admission?.decision ?? "admitted";
    hold(expected.decisions.has(decision), () => {
      const figures = expected.limits.map(figuresOf).join(", ");
      return `cast ${request.castId} was ${decision}; right is ${[...expected.decisions].join(" or ")} (${figures})`;
    });
    if (decision === "admitted") {
      hold(row !== null, () => `cast ${request.castId} was admitted and has no hold`);
      this.#admit(account, request, expected, row, at);
    } else hold(row === null, () => `cast ${request.castId} was ${decision} and has a hold`);
    if (admission !== null) checkRefusal(admission, expected.limits);
  }

  #admit(account: Account, request: CastRequest, { terms }: Expectation, row: CastRow, at: number): void {
    hold(terms !== null, () => `cast ${request.castId} was admitted without terms`);
    const { spell, version, fuelLimit } = terms;
    const key = keyOf(account, request.keyPrefix);
    // The moment of admission itself, which decides the period; `at` may be a moment later.
    const admittedAt = row.admittedAtMicros / 1_000;
    const cast: Cast = {
      id: request.castId,
      account,
      key,
      spell,
      version,
      day: dayOf(admittedAt),
      month: monthOf(admittedAt),
      funding: account.hasCard ? "card" : "allowance",
      holdMicros: priceOf(version, fuelLimit),
      fuelLimit,
      isCapped: fuelLimit < version.fuelLimit,
      idempotencyKey: request.idempotency === null ? null : hex(request.idempotency.key),
      admittedAt,
      state: request.stdin === null ? "running" : "queued",
      isQueued: request.stdin !== null,
      starts: 0,
      deadline: 0,
      errorCode: null,
      fuelUsed: null,
      costMicros: 0,
    };
    const right = [
      cast.day,
      cast.month,
      cast.funding,
      cast.holdMicros,
      fuelLimit,
      version.id,
      key?.id ?? null,
    ];
    const found = [row.day, row.month, row.funding, row.holdMicros, row.fuelLimit, row.versionId, row.keyId];
    hold(
      JSON.stringify(found) === JSON.stringify(right),
      () => `cast ${cast.id} holds ${JSON.stringify(found)}; right is ${JSON.stringify(right)}`,
    );
    hold(admittedAt <= at, () => `cast ${cast.id} was admitted at a moment that had not come`);
    account.casts.push(cast);
    this.casts.set(cast.id, cast);
    if (request.idempotency !== null && cast.idempotencyKey !== null) {
      account.firstRequests.set(cast.idempotencyKey, {
        digest: hex(request.idempotency.requestDigest),
        cast,
        expiresAt: admittedAt + this.settings.replayMs,
      });
    }
  }

  #ended({ row, atMicros }: EndedEvent, offsetMs: number): void {
    const cast = this.casts.get(row.castId);
    hold(cast !== undefined, () => `cast ${row.castId} ended and was never admitted`);
    hold(cast.state !== "ended", () => `cast ${row.castId} ended twice`);
    this.#checkEnding(cast, row);
    cast.state = "ended";
    cast.errorCode = row.errorCode;
    cast.fuelUsed = row.fuelUsed;
    cast.costMicros = row.costMicros;
    const { account, spell, version, idempotencyKey } = cast;
    if (row.errorCode === null) account.lastPrices.set(spell.id, version);
    if (idempotencyKey !== null && isReleased(cast)) {
      const first = account.firstRequests.get(idempotencyKey);
      if (first?.cast === cast) account.firstRequests.delete(idempotencyKey);
    }
    if (cast.costMicros > 0) {
      this.#checkChargedOnce(cast);
      noteWhatIsDue(account, atMicros / 1_000 + offsetMs);
    }
  }

  /** Requests with one key within its time are charged once. */
  #checkChargedOnce(cast: Cast): void {
    if (cast.idempotencyKey === null) return;
    const others = cast.account.casts.filter(
      (other) =>
        other !== cast &&
        other.idempotencyKey === cast.idempotencyKey &&
        other.costMicros > 0 &&
        Math.abs(other.admittedAt - cast.admittedAt) < this.settings.replayMs,
    );
    hold(others.length === 0, () => `casts ${cast.id} and ${others[0]?.id ?? ""} charge one Idempotency-Key`);
  }

  #checkEnding(cast: Cast, row: CastRow): void {
    const { errorCode, fuelUsed } = row;
    const asked = this.asked.get(cast.id) ?? [];
    const isAsked = asked.some((ending) => ending.errorCode === errorCode && ending.fuelUsed === fuelUsed);
    // State and deadline are those from before the step; a cast of this very step has none yet.
    const isOverdue = cast.deadline === 0 || cast.deadline <= row.endedAtMicros / 1_000;
    const isSwept = (errorCode === "QUEUE_TIME" || errorCode === "INTERRUPTED") && isOverdue;
    // One that runs can be called off only after a sweep took it back to the queue.
    const mayBeCancelled = cast.state === "queued" || isOverdue;
    const isCancelled = errorCode === "CANCELLED" && this.cancelled.has(cast.id) && mayBeCancelled;
    hold(
      isAsked || isCancelled || isSwept,
      () => `cast ${cast.id} ended with ${errorCode ?? "a result"}, which nobody asked for`,
    );
    const charge = isAsked ? chargeOf(cast, { errorCode, fuelUsed }) : 0;
    hold(
      row.costMicros === charge,
      () => `cast ${cast.id} was charged ${row.costMicros}; right is ${charge}`,
    );
    hold(charge <= cast.holdMicros, () => `cast ${cast.id} was charged more than its hold`);
    hold(
      row.day === cast.day && row.month === cast.month && row.funding === cast.funding,
      () => `cast ${cast.id} was settled into another period or funding`,
    );
  }
}

const figuresOf = ({ source, hard, settled, held }: Limit): string =>
  `${source}: ${settled} settled and ${held} held of ${hard}`;

/** The figures of a refusal are those of a limit that refuses. */
function checkRefusal(admission: Admission, limits: readonly Limit[]): void {
  if (!("limitSource" in admission)) return;
  const { limitSource, hardMicros, settledMicros, heldMicros } = admission;
  if (!limits.some(({ source }) => source === limitSource)) return;
  hold(
    limits.some(
      (limit) =>
        limit.source === limitSource &&
        limit.hard === hardMicros &&
        limit.settled === settledMicros &&
        limit.held === heldMicros,
    ),
    () =>
      `a refusal names ${limitSource}: ${settledMicros} settled and ${heldMicros} held of ${hardMicros}; ` +
      `right is ${limits.map(figuresOf).join(" or ")}`,
  );
}

/** Adds the notices that are due after a charge. */
function noteWhatIsDue(account: Account, at: number): void {
  const { budget } = account;
  if (budget === null) return;
  const start = budget.period === "daily" ? dayOf(at) : monthOf(at);
  const { settled } = account.used((cast) =>
    budget.period === "daily" ? cast.day === start : cast.month === start,
  );
  for (const threshold of dueThresholds(budget, settled))
    account.notices.add(`${budget.period}/${start}/${threshold}`);
}

function dueThresholds({ softMicros, hardMicros, thresholds }: Budget, settled: number): number[] {
  const due = thresholds.filter((percent) => settled * 100 >= hardMicros * percent);
  return softMicros !== null && settled > 0 && settled >= softMicros ? [...due, 0] : due;
}
