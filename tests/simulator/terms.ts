/** What the simulator knows of spells, prices and periods: written from what the product promises, not from its SQL. */

/** One step of the simulated clock. No time-out below is a multiple of it, so none falls into the middle of a step. */
export const TICK_MS = 7_000;
export const DAY_MS = 86_400_000;

export interface Terms {
  readonly flatMicros: number;
  readonly rateMicros: number;
}

export interface Version extends Terms {
  readonly id: string;
  readonly version: string;
  readonly fuelLimit: number;
  isActive: boolean;
}

export interface Spell {
  readonly id: string;
  readonly name: string;
  readonly key: string;
  /** In the order of their publication. */
  readonly versions: Version[];
  isActive: boolean;
}

/** price(fuel) = flat + ceil(fuel x rate per million). */
export const priceOf = ({ flatMicros, rateMicros }: Terms, fuel: number): number =>
  flatMicros + Math.ceil((fuel * rateMicros) / 1_000_000);

/** The most fuel that a caller's cap buys; null: none. */
export function fuelWithin(version: Version, capMicros: number | null): number | null {
  if (capMicros === null) return version.fuelLimit;
  if (version.flatMicros > capMicros) return null;
  if (version.rateMicros === 0) return version.fuelLimit;
  const bought = Math.floor(((capMicros - version.flatMicros) * 1_000_000) / version.rateMicros);
  return bought === 0 ? null : Math.min(bought, version.fuelLimit);
}

/** The UTC day and the first day of the UTC month of an instant in milliseconds, `YYYY-MM-DD`. */
export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
export const monthOf = (at: number): string => `${dayOf(at).slice(0, 7)}-01`;

/** The UTC midnight after an instant. */
export const midnightAfter = (at: number): number => (Math.floor(at / DAY_MS) + 1) * DAY_MS;
