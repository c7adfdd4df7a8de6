import type { Clock } from "./clock.ts";
import type { Outbox } from "./webhooks/outbox.ts";
import type { SearchIndex } from "./store/search-index.ts";
import type { Store } from "./store/store.ts";
import type { Tasks } from "./store/tasks.ts";

/** What made something happen: a request, or nothing but time. */
export interface Cause {
  readonly id: string | null;
  readonly idempotency_key: string | null;
}

export const TIME: Cause = { id: null, idempotency_key: null };

/** What every verb works with. */
export interface Context {
  readonly store: Store;
  readonly tasks: Tasks;
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly index: SearchIndex;
  /** Where the emulator is, without a slash at the end. */
  readonly baseUrl: string;
  readonly cause: Cause;
}
