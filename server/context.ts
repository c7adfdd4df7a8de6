/**
 * What every verb is given, and the words of the product.
 *
 * - **spell**: a published program, by name (`echo`) or reverse-DNS key (`dev.spell.echo`); its versions never change
 * - **cast**: one execution of one spell version for one account
 * - **account**: what owns keys, limits and money
 * - **micros**: money; 1 USD = 1,000,000 micros, 1 cent = 10,000
 * - **budget**: an account's limits for a period; `soft` notifies, `hard` refuses
 * - **hold**: the most a running cast can cost, set aside before it runs, then settled or released
 * - **settled / held**: what ended casts cost, and what running ones may
 * - **allowance**: what an account without a card may spend in a month
 * - **ledger**: the gapless, hash-chained record of money and audit events
 * - **credential**: proof of who asks; **actor**: that, with what it may do at this moment
 */
import type { Logger } from "pino";
import type Stripe from "stripe";
import type { Config } from "./config.ts";
import type { CredentialReference } from "./db/casts.ts";
import type { CastBatches } from "./db/cast-batches.ts";
import type { Database } from "./db/connect.ts";
import type { Metrics } from "./metrics.ts";
import type { ModuleCache } from "./runtime/compile-module.ts";
import type { Runtime } from "./runtime/types.ts";

export const SCOPES = ["cast", "read", "budgets", "keys", "billing", "spells"] as const;
export type Scope = (typeof SCOPES)[number];

export const LANGUAGES = ["en", "ja"] as const;
/** Of pages, and of what is written to people. */
export type Language = (typeof LANGUAGES)[number];

export const MICROS_PER_CENT = 10_000;

/** Moves the database's clock in tests; zero in every running process. */
export interface Clock {
  readonly offsetMs: number;
}

/** Where ids, seeds and secrets come from. */
export interface Random {
  bytes(count: number): Uint8Array;
  /** A UUID of version 7, so that ids sort by time. */
  id(): string;
}

/** Verified proof of who asks. It says nothing about what they may do: that is read for every request. */
export type Credential = CredentialReference;

/** Who asks, with the state read for this request. */
export interface Actor {
  readonly credential: Credential;
  readonly accountId: string;
  readonly scopes: readonly Scope[];
}

/** The parts of a process, built once in main.ts. */
export interface Platform {
  readonly config: Config;
  readonly db: Database;
  readonly batches: CastBatches;
  readonly clock: Clock;
  readonly random: Random;
  readonly runtime: Runtime;
  readonly modules: ModuleCache;
  readonly metrics: Metrics;
  /** Null: this deployment has no account at Stripe, and no card can be registered. */
  readonly stripe: Stripe | null;
  readonly log: Logger;
  /** This start of this process; holds carry it. */
  readonly bootId: string;
  /** Set when the process is asked to leave: no cast is admitted any more. */
  readonly drain: AbortSignal;
}

/** What verbs of an authenticated request are given. */
export interface ServiceContext extends Platform {
  readonly actor: Actor;
  readonly requestId: string;
}
