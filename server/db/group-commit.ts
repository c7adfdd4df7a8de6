/** Batches without a timer: while one is on its way to the database, the next gathers. */
import { isUnavailable } from "./failures.ts";

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Sends items in batches of at most `maxBatch`, one batch at a time, in the order in which they came; `send` answers in
 * that order. A batch that fails is halved until the culprit stands alone and fails alone; when the database is away,
 * all of it fails.
 */
export class GroupCommit<Item, Answer> {
  readonly #send: (items: readonly Item[]) => Promise<readonly Answer[]>;
  readonly #maxBatch: number;
  readonly #waiting: Waiting<Item, Answer>[] = [];
  #isSending = false;

  constructor(send: (items: readonly Item[]) => Promise<readonly Answer[]>, maxBatch: number) {
    this.#send = send;
    this.#maxBatch = maxBatch;
  }

  /** How many have not been sent yet. */
  get size(): number {
    return this.#waiting.length;
  }

  submit(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (!this.#isSending) void this.#sendAll();
    });
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    while (this.#waiting.length > 0) await this.#deliver(this.#waiting.splice(0, this.#maxBatch));
    this.#isSending = false;
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
