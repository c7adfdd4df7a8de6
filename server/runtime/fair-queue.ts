/** Who may start next: groups take turns, and long runs make room for short ones. */

import { LRUCache } from "lru-cache";

export interface Places {
  /** For runs that have just started. */
  readonly short: number;
  /** For those that turned out to be long. */
  readonly long: number;
}

/** An item that starts, and where. */
export interface Started<Item> {
  readonly item: Item;
  readonly isLong: boolean;
}

const REMEMBERED_GROUPS = 10_000;

interface Counts {
  short: number;
  long: number;
}

/**
 * Waiting items by group, and how many of each group run. While several groups wait, one may fill at most half of the
 * short places; alone it may fill all but one, which stays free for whoever comes next. A run that takes long moves to a
 * long place and gives its short one back; of the long places a group has at most half. A group whose run was slow
 * starts in a long place next time, and waits for one, until a run of it is not: so endless runs of however many
 * groups do not keep others from starting.
 */
export class FairQueue<Item> {
  readonly #places: Places;
  /** In the order of turns: a group that was served goes to the end. */
  readonly #waiting = new Map<string, Item[]>();
  readonly #running = new Map<string, Counts>();
  readonly #all: Counts = { short: 0, long: 0 };
  /** Groups whose last run was slow. */
  readonly #slow = new LRUCache<string, true>({ max: REMEMBERED_GROUPS });
  #size = 0;

  constructor(places: Places) {
    this.#places = places;
  }

  /** How many wait. */
  get size(): number {
    return this.#size;
  }

  push(group: string, item: Item): void {
    const items = this.#waiting.get(group);
    if (items === undefined) this.#waiting.set(group, [item]);
    else items.push(item);
    this.#size += 1;
  }

  #countsOf(group: string): Counts {
    const counts = this.#running.get(group) ?? { short: 0, long: 0 };
    this.#running.set(group, counts);
    return counts;
  }

  #hasShortPlace(group: string): boolean {
    const { short } = this.#places;
    const share = this.#waiting.size > 1 ? Math.floor(short / 2) : short - 1;
    return this.#all.short < short && (this.#running.get(group)?.short ?? 0) < Math.max(share, 1);
  }

  #hasLongPlace(group: string): boolean {
    const { long } = this.#places;
    const share = Math.max(Math.floor(long / 2), 1);
    return this.#all.long < long && (this.#running.get(group)?.long ?? 0) < share;
  }

  /** Takes the next item that may start now, or null; `done` must be called when it has ended. */
  take(): Started<Item> | null {
    for (const [group, items] of this.#waiting) {
      const isLong = this.#places.long > 0 && this.#slow.has(group);
      if (!(isLong ? this.#hasLongPlace(group) : this.#hasShortPlace(group))) continue;
      const item = items.shift();
      this.#waiting.delete(group);
      if (item === undefined) continue;
      if (items.length > 0) this.#waiting.set(group, items);
      const lane = isLong ? "long" : "short";
      this.#countsOf(group)[lane] += 1;
      this.#all[lane] += 1;
      this.#size -= 1;
      return { item, isLong };
    }
    return null;
  }

  /** Moves a run of the group to a long place; false when there is none for it. */
  makeLong(group: string): boolean {
    if (!this.#hasLongPlace(group)) return false;
    const counts = this.#countsOf(group);
    counts.short -= 1;
    counts.long += 1;
    this.#all.short -= 1;
    this.#all.long += 1;
    return true;
  }

  /** Remembers whether the group's last run was one that others should not wait behind. */
  remember(group: string, wasSlow: boolean): void {
    if (wasSlow) this.#slow.set(group, true);
    else this.#slow.delete(group);
  }

  /** A run of the group has ended, in the place it had last. */
  done(group: string, wasLong: boolean): void {
    const lane = wasLong ? "long" : "short";
    const counts = this.#countsOf(group);
    counts[lane] -= 1;
    this.#all[lane] -= 1;
    if (counts.short === 0 && counts.long === 0) this.#running.delete(group);
  }
}
