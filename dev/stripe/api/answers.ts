import { createHash } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { Database } from "../store/database.ts";
import { Refusal } from "./error.ts";

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** An answer that was given before. */
export interface Replay extends Answer {
  readonly requestId: string;
}

interface Row {
  readonly digest: string;
  readonly status: number;
  readonly body: string;
  readonly requestId: string;
  readonly atS: number;
}

const LIFE_S = 86_400;
const LONGEST_KEY = 255;

/** What a request asks for, in whatever order it names its parameters. */
function digestOf(path: string, body: string): string {
  const parameters = new URLSearchParams(body);
  parameters.sort();
  return `${path} ${createHash("sha256").update(parameters.toString()).digest("hex")}`;
}

/** The first answers to requests with an idempotency key. */
export class Answers {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #underWay = new Set<string>();

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
    database.run("delete from answers where at_s < ?", clock.nowS - LIFE_S);
  }

  /** The earlier answer to this key; else the key is taken until it is let go. @throws Refusal */
  take(key: string, path: string, body: string): Replay | null {
    if (key.length > LONGEST_KEY)
      throw refuseKey(`Idempotency keys may be up to ${LONGEST_KEY} characters long.`);
    if (this.#underWay.has(key)) throw refuseTwo(key);
    const known = this.#database.first<Row>(
      "select digest, status, body, request_id as requestId, at_s as atS from answers where key = ?",
      key,
    );
    if (known !== null && this.#clock.nowS - known.atS < LIFE_S) {
      this.#compare(key, path, known.digest, digestOf(path, body));
      return known;
    }
    this.#underWay.add(key);
    return null;
  }

  #compare(key: string, path: string, before: string, now: string): void {
    if (before === now) return;
    const [first = ""] = before.split(" ");
    const instead = `Try using a key other than '${key}' if you meant to execute a different request.`;
    throw refuseKey(
      first === path
        ? `Keys for idempotent requests can only be used with the same parameters they were first used with. ${instead}`
        : `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${path}' vs '${first}'). ${instead}`,
    );
  }

  keep(key: string, path: string, body: string, answer: Answer, requestId: string): void {
    this.#database.run(
      "insert or replace into answers (key, digest, status, body, request_id, at_s) values (?, ?, ?, ?, ?, ?)",
      key,
      digestOf(path, body),
      answer.status,
      answer.body,
      requestId,
      this.#clock.nowS,
    );
  }

  letGo(key: string): void {
    this.#underWay.delete(key);
  }
}

const refuseKey = (message: string) => new Refusal(400, { type: "idempotency_error", message });

const refuseTwo = (key: string) =>
  new Refusal(409, {
    type: "idempotency_error",
    code: "idempotency_key_in_use",
    message:
      "There is currently another in-progress request using this Idempotent Key " +
      `(that probably means you submitted twice, and the other request is still going through): ${key}. ` +
      "Please try again in a moment, or use a different key if you meant to execute a different request.",
  });
