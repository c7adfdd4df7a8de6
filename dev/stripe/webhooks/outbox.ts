import { setTimeout as pause } from "node:timers/promises";
import type { Mischief } from "../control/mischief.ts";
import type { Database } from "../store/database.ts";
import type { Store } from "../store/store.ts";
import { signatureOf } from "./sign.ts";

export interface Endpoint {
  /** Null: nobody wants to hear of anything. */
  readonly url: string | null;
  readonly secret: string;
  /** The types it has asked for; null: all. One that ends in `.*` is a family. */
  readonly types: readonly string[] | null;
  /** The pause after the first attempt that failed; it doubles with each further one. */
  readonly retryMs: number;
}

interface Delivery {
  readonly seq: number;
  readonly event: string;
  readonly attempts: number;
}

const AT_ONCE = 8;
const ANSWER_TIMEOUT_MS = 10_000;
const MOST_ATTEMPTS = 16;
const MOST_DOUBLINGS = 8;
const LATE_MS = 300;
const OK = 2;

/** Sends events to the one endpoint until it answers with success, in no promised order. */
export class Outbox {
  readonly #database: Database;
  readonly #store: Store;
  readonly #endpoint: Endpoint;
  readonly #mischief: Mischief;
  readonly #ending = new AbortController();
  readonly #sending = new Map<number, Promise<void>>();
  #timer: NodeJS.Timeout | null = null;

  constructor(database: Database, store: Store, endpoint: Endpoint, mischief: Mischief) {
    this.#database = database;
    this.#store = store;
    this.#endpoint = endpoint;
    this.#mischief = mischief;
  }

  /** Has an event delivered, once `wake` is called. What no endpoint has asked for is only kept. */
  add(event: string, type: string): void {
    const { url, types } = this.#endpoint;
    if (url === null) return;
    if (types !== null && !types.includes(type) && !types.includes(type.replace(/\..*$/s, ".*"))) return;
    const { isDropped, isDoubled, isLate, delayMs } = this.#mischief.nextDelivery();
    if (isDropped) return;
    const dueMs = Date.now() + delayMs + (isLate ? LATE_MS : 0);
    for (let copies = isDoubled ? 2 : 1; copies > 0; copies -= 1)
      this.#database.run("insert into deliveries (event, due_ms) values (?, ?)", event, dueMs);
  }

  /** To how many endpoints an event is still to be delivered. */
  pendingOf(event: string): number {
    const sql = "select 1 from deliveries where event = ? limit 1";
    return this.#database.first(sql, event) === null ? 0 : 1;
  }

  get pending(): number {
    return this.#database.first<{ n: number }>("select count(*) as n from deliveries")?.n ?? 0;
  }

  /** Sends what is due, and comes back by itself for the rest. */
  wake(): void {
    if (this.#ending.signal.aborted) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const due = this.#database.all<Delivery & { dueMs: number }>(
      "select seq, event, attempts, due_ms as dueMs from deliveries order by due_ms, seq limit ?",
      2 * AT_ONCE,
    );
    for (const delivery of due.filter(({ seq }) => !this.#sending.has(seq))) {
      if (this.#sending.size >= AT_ONCE) return;
      const waitMs = delivery.dueMs - Date.now();
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.wake(), waitMs);
        return;
      }
      const sent = this.#deliver(delivery).finally(() => {
        this.#sending.delete(delivery.seq);
        this.wake();
      });
      this.#sending.set(delivery.seq, sent);
    }
  }

  async #deliver({ seq, event, attempts }: Delivery): Promise<void> {
    // Not before whoever called has its answer: one that waits for it would else hear of the event first.
    await pause(0);
    const isDone = await this.#send(event);
    if (this.#ending.signal.aborted) return;
    const tried = attempts + 1;
    if (isDone || tried >= MOST_ATTEMPTS) {
      this.#database.run("delete from deliveries where seq = ?", seq);
      return;
    }
    const dueMs = Date.now() + this.#endpoint.retryMs * 2 ** Math.min(attempts, MOST_DOUBLINGS);
    this.#database.run("update deliveries set attempts = ?, due_ms = ? where seq = ?", tried, dueMs, seq);
  }

  /** One attempt: did the endpoint answer with success? */
  async #send(event: string): Promise<boolean> {
    const found = this.#store.find("event", event);
    const { url, secret } = this.#endpoint;
    if (found === null || url === null) return true;
    const body = JSON.stringify({ ...found, pending_webhooks: 1 });
    const timeout = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: {
          "Content-Type": "application/json; charset=utf-8",
          "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
          "Stripe-Signature": signatureOf(body, secret, Math.floor(Date.now() / 1_000)),
        },
        body,
        redirect: "manual",
        signal: AbortSignal.any([this.#ending.signal, timeout]),
      });
      await response.body?.cancel();
      return Math.floor(response.status / 100) === OK;
    } catch {
      // Nobody listens, or the answer did not come in time: it is tried again like after any other failure.
      return false;
    }
  }

  /** Sends nothing more, and waits for nothing. */
  async end(): Promise<void> {
    this.#ending.abort();
    if (this.#timer !== null) clearTimeout(this.#timer);
    await Promise.all(this.#sending.values());
  }
}
