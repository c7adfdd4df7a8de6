import { Answers } from "./api/answers.ts";
import type { Keys } from "./api/authenticate.ts";
import { Clock } from "./clock.ts";
import { Refusal } from "./api/error.ts";
import { TIME, type Cause, type Context } from "./context.ts";
import { Mischief } from "./control/mischief.ts";
import { Database } from "./store/database.ts";
import { SearchIndex } from "./store/search-index.ts";
import { Settings } from "./store/settings.ts";
import { Store } from "./store/store.ts";
import { Tasks } from "./store/tasks.ts";
import { Outbox, type Endpoint } from "./webhooks/outbox.ts";

export interface WorldOptions {
  readonly stateFile: string;
  readonly keys: Keys;
  readonly webhook: Endpoint;
  /** What becomes of an invoice that no attempt has brought the money of. */
  readonly afterLastAttempt: "open" | "uncollectible";
}

/** The emulated account: all that is in it, and what works on it. */
export class World {
  readonly keys: Keys;
  readonly clock: Clock;
  readonly store: Store;
  readonly tasks: Tasks;
  readonly index: SearchIndex;
  readonly answers: Answers;
  readonly mischief: Mischief;
  readonly outbox: Outbox;
  readonly endsUncollectible: boolean;
  readonly #database: Database;
  hasEnded = false;
  /** How many calls of the API came since it started. */
  calls = 0;
  /** Known once it listens. */
  baseUrl = "";

  constructor({ stateFile, keys, webhook, afterLastAttempt }: WorldOptions) {
    const database = new Database(stateFile);
    const settings = new Settings(database);
    this.keys = keys;
    this.endsUncollectible = afterLastAttempt === "uncollectible";
    this.clock = new Clock(settings);
    this.store = new Store(database);
    this.tasks = new Tasks(database);
    this.index = new SearchIndex(database, this.clock);
    this.answers = new Answers(database, this.clock);
    this.mischief = new Mischief(settings);
    this.index.lagSeconds = this.mischief.now.search_lag_seconds;
    this.outbox = new Outbox(database, this.store, webhook, this.mischief);
    this.#database = database;
  }

  contextFor(cause: Cause): Context {
    const { store, tasks, clock, outbox, index, baseUrl } = this;
    return { store, tasks, clock, outbox, index, baseUrl, cause };
  }

  /** For what no request of the API has caused. */
  timeContext(): Context {
    return this.contextFor(TIME);
  }

  /** Does what a person asked for on a page; a refusal is an answer, and keeps the work it is meant to keep. */
  attempt<T>(work: (context: Context) => T): T | Refusal {
    const context = this.timeContext();
    try {
      return this.transact(() => {
        try {
          return work(context);
        } catch (error) {
          if (error instanceof Refusal && error.keepsWork) return error;
          throw error;
        }
      });
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    } finally {
      this.outbox.wake();
    }
  }

  transact<T>(work: () => T): T {
    return this.#database.transact(work);
  }

  async end(): Promise<void> {
    this.hasEnded = true;
    await this.outbox.end();
    this.#database.close();
  }
}
