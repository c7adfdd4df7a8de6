/** An account as the simulator sees it: every figure is added up anew from its own list of casts. */
import type { Spell, Terms, Version } from "./terms.ts";

export interface Key {
  readonly id: string;
  readonly accountId: string;
  /** One for each of its secrets: they share the key's limit. */
  readonly prefixes: string[];
  readonly scopes: readonly string[];
  limitMicros: number | null;
  /** Milliseconds of the simulated clock. */
  readonly expiresAt: number | null;
  isRevoked: boolean;
}

export interface Budget {
  readonly period: "daily" | "monthly";
  readonly softMicros: number | null;
  readonly hardMicros: number;
  readonly thresholds: readonly number[];
}

/** How a cast was asked to end. */
export interface Ending {
  readonly errorCode: string | null;
  readonly fuelUsed: number | null;
}

export interface Cast extends Ending {
  readonly id: string;
  readonly account: Account;
  readonly key: Key | null;
  readonly spell: Spell;
  readonly version: Version;
  readonly day: string;
  readonly month: string;
  readonly funding: "card" | "allowance";
  readonly holdMicros: number;
  readonly fuelLimit: number;
  readonly isCapped: boolean;
  readonly idempotencyKey: string | null;
  /** Milliseconds of the simulated clock. */
  readonly admittedAt: number;
  state: "queued" | "running" | "ended";
  /** Whether it was to be queued. */
  readonly isQueued: boolean;
  starts: number;
  deadline: number;
  errorCode: string | null;
  fuelUsed: number | null;
  costMicros: number;
}

export interface FirstRequest {
  readonly digest: string;
  readonly cast: Cast;
  readonly expiresAt: number;
}

export interface Used {
  readonly settled: number;
  readonly held: number;
}

const RELEASED = new Set<string | null>(["INTERRUPTED", "BUSY", "CANCELLED", "QUEUE_TIME"]);

/** What the platform gave up or the caller called off: never charged, and a repeat is a new cast. */
export const isReleased = ({ errorCode }: Ending): boolean => RELEASED.has(errorCode);

export class Account {
  readonly id: string;
  hasCard: boolean;
  budget: Budget | null;
  readonly keys: Key[] = [];
  readonly casts: Cast[] = [];
  readonly firstRequests = new Map<string, FirstRequest>();
  /** Of the last completed cast of each spell, by the spell's id. */
  readonly lastPrices = new Map<string, Terms>();
  /** `period/start/threshold` of each notice due so far. */
  readonly notices = new Set<string>();
  /** When its requests were counted. */
  readonly requestsAt: number[] = [];
  /** When one may have been counted whose answer nobody got. */
  readonly perhapsAt: number[] = [];

  constructor(id: string, hasCard: boolean, budget: Budget | null) {
    this.id = id;
    this.hasCard = hasCard;
    this.budget = budget;
  }

  get open(): Cast[] {
    return this.casts.filter(({ state }) => state !== "ended");
  }

  /** What the casts that match have settled and hold. */
  used(matches: (cast: Cast) => boolean): Used {
    let [settled, held] = [0, 0];
    for (const cast of this.casts) {
      if (!matches(cast)) continue;
      if (cast.state === "ended") settled += cast.costMicros;
      else held += cast.holdMicros;
    }
    return { settled, held };
  }

  /** Fuel of a day that nobody paid for: used by what ended uncharged, held by what runs for nothing. */
  freeFuel(day: string): Used {
    let [settled, held] = [0, 0];
    for (const cast of this.casts) {
      if (cast.day !== day) continue;
      if (cast.state !== "ended") held += cast.holdMicros === 0 ? cast.fuelLimit : 0;
      // Of a program that was killed at its wall time nobody knows; of one that was given up, nothing is said.
      else if (cast.costMicros === 0) settled += cast.fuelUsed ?? (isReleased(cast) ? 0 : cast.fuelLimit);
    }
    return { settled, held };
  }
}
