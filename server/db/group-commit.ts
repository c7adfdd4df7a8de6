/** Batches without a timer: while one is on its way to the database, the next gathers. */
import { isUnavailable } from "./failures.ts";

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Sends items in batches, one batch at a time. Items wait in lanes: a batch takes at most `maxBatch` from each, in the
 * order in which they came, lane after lane, so that a long lane does not keep another waiting. `send` answers in the
 * order of its items. A batch that fails is halved until the culprit stands alone and fails alone; when the database is
 * away, all of it fails.
 */
export class GroupCommit<Item, Answer> {
  readonly #send: (items: readonly Item[]) => Promise<readonly Answer[]>;
  readonly #maxBatch: number;
  readonly #lanes: readonly Waiting<Item, Answer>[][];
  #isSending = false;

  constructor(send: (items: readonly Item[]) => Promise<readonly Answer[]>, maxBatch: number, lanes = 1) {
    this.#send = send;
    this.#maxBatch = maxBatch;
    this.#lanes = Array.from({ length: lanes }, () => []);
  }

  /** How many of a lane have not been sent yet. */
  waitingIn(lane: number): number {
    return this.#lane(lane).length;
  }

  /** Rejects with what `send` rejected the item, or its batch, with. */
  submit(item: Item, lane = 0): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#lane(lane).push({ item, resolve, reject });
      if (!this.#isSending) void this.#sendAll();
    });
  }

  #lane(lane: number): Waiting<Item, Answer>[] {
    const waiting = this.#lanes[lane];
    if (waiting === undefined) throw new RangeError(`there is no lane ${lane}`);
    return waiting;
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    for (let batch = this.#nextBatch(); batch.length > 0; batch = this.#nextBatch())
      await this.#deliver(batch);
    this.#isSending = false;
  }

  #nextBatch(): Waiting<Item, Answer>[] {
    return this.#lanes.flatMap((waiting) => waiting.splice(0, this.#maxBatch));
  }

  /** Never rejects: every item hears of its own fate. */
  async #deliver(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await this.#send(batch.map(({ item }) => item));
      batch.forEach(({ resolve, reject }, i) => {
        const answer = answers[i];
        if (answer === undefined) reject(new Error("the database gave no answer"));
        else resolve(answer);
      });
    } catch (error) {
      if (batch.length === 1 || isUnavailable(error)) {
        for (const { reject } of batch) reject(error);
        return;
      }
      const middle = batch.length >> 1;
      await this.#deliver(batch.slice(0, middle));
      await this.#deliver(batch.slice(middle));
    }
  }
}
