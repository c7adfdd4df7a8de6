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

/** Places in which a group's runs are. */
interface Counts {
  short: number;
  long: number;
  /** Short places that others have, in which runs of the group come after theirs. */
  beside: number;
}

/**
 * Waiting items by group, and how many of each group run. While several groups wait, one may fill at most half of the
 * short places; alone it may fill all but one, which stays free for whoever comes next. A run that takes long moves to a
 * long place and gives its short one back; of the long places a group has at most half. A group whose run was slow
 * starts in a long place next time, and waits for one, until a run of it is not: so endless runs of however many
 * groups do not keep others from starting. Items may share a short place, one after the other; it counts as the first
 * one's.
 */
export class FairQueue<Item> {
  readonly #places: Places;
  /** In the order of turns: a group that was served goes to the end. */
  readonly #waiting = new Map<string, Item[]>();
  readonly #running = new Map<string, Counts>();
  readonly #all = { short: 0, long: 0 };
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
    const counts = this.#running.get(group) ?? { short: 0, long: 0, beside: 0 };
    this.#running.set(group, counts);
    return counts;
  }

  /** Short places in which nothing runs. */
  get freePlaces(): number {
    return this.#places.short - this.#all.short;
  }

  #hasShortPlace(group: string): boolean {
    const { short } = this.#places;
    const share = this.#waiting.size > 1 ? Math.floor(short / 2) : short - 1;
    return this.freePlaces > 0 && (this.#running.get(group)?.short ?? 0) < Math.max(share, 1);
  }

  /** So few that, with its own half, the group is never in all short places. */
  #canBeBeside(group: string): boolean {
    const { short, beside } = this.#running.get(group) ?? { short: 0, beside: 0 };
    return short + beside < Math.floor((this.#places.short - 1) / 2);
  }

  /** Is a place free beside those that are kept for what is quick? Of fewer than four none is. */
  get #isRoomy(): boolean {
    const { short } = this.#places;
    return this.freePlaces > (short < 4 ? 0 : Math.floor(short / 2));
  }

  #hasLongPlace(group: string): boolean {
    const { long } = this.#places;
    const share = Math.max(Math.floor(long / 2), 1);
    return this.#all.long < long && (this.#running.get(group)?.long ?? 0) < share;
  }

  /**
   * Takes the next item that may start now, or null; `done` must be called when it has ended. What is not known to be
   * quick finds at most half of the short places, so that what is does not wait behind it.
   */
  take(isQuick: (item: Item) => boolean = () => true): Started<Item> | null {
    for (const [group, items] of this.#waiting) {
      const isLong = this.#places.long > 0 && this.#slow.has(group);
      if (!(isLong ? this.#hasLongPlace(group) : this.#hasShortPlace(group))) continue;
      const [head] = items;
      if (!isLong && head !== undefined && !this.#isRoomy && !isQuick(head)) continue;
      const item = this.#takeFrom(group, items);
      if (item === undefined) continue;
      const lane = isLong ? "long" : "short";
      this.#countsOf(group)[lane] += 1;
      this.#all[lane] += 1;
      return { item, isLong };
    }
    return null;
  }

  /**
   * Takes the next item that may run in a short place after those of `groups`, or null. A group that is new there joins
   * `groups`, and `leave` must be called for it.
   */
  takeBeside(groups: Set<string>, canJoin: (item: Item) => boolean): Item | null {
    for (const [group, items] of this.#waiting) {
      const [head] = items;
      if (head === undefined || this.#slow.has(group) || !canJoin(head)) continue;
      if (!groups.has(group)) {
        if (!this.#canBeBeside(group)) continue;
        this.#countsOf(group).beside += 1;
        groups.add(group);
      }
      this.#takeFrom(group, items);
      return head;
    }
    return null;
  }

  /** Takes a group's first item and ends its turn. */
  #takeFrom(group: string, items: Item[]): Item | undefined {
    const item = items.shift();
    this.#waiting.delete(group);
    if (items.length > 0) this.#waiting.set(group, items);
    if (item !== undefined) this.#size -= 1;
    return item;
  }

  /** Puts an item that was taken, and did not start, before all others. */
  putBack(group: string, item: Item): void {
    const items = this.#waiting.get(group) ?? [];
    items.unshift(item);
    const others = [...this.#waiting].filter(([name]) => name !== group);
    this.#waiting.clear();
    for (const [name, list] of [[group, items] as const, ...others]) this.#waiting.set(name, list);
    this.#size += 1;
  }

  /** Takes whatever waits, whoever may start. */
  takeAll(): Item[] {
    const items = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    this.#size = 0;
    return items;
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
    this.#all[lane] -= 1;
    this.#countDown(group, lane);
  }

  /** Nothing of the group runs any more beside others. */
  leave(group: string): void {
    this.#countDown(group, "beside");
  }

  /** The short place of one group is now that of another, which was beside it. */
  handOver(from: string, to: string): void {
    this.#countsOf(to).short += 1;
    this.#countDown(to, "beside");
    this.#countDown(from, "short");
  }

  #countDown(group: string, what: keyof Counts): void {
    const counts = this.#countsOf(group);
    counts[what] -= 1;
    if (counts.short + counts.long + counts.beside === 0) this.#running.delete(group);
  }
}
