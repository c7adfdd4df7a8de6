/** A simulation's state, and how one step of it is carried out, followed by the model and checked. */
import type postgres from "postgres";
import type { Config } from "../../server/config.ts";
import type { CastRequest } from "../../server/db/casts.ts";
import type { Database } from "../../server/db/connect.ts";
import type { Random } from "../fuzz/random.ts";
import type { Account, Cast } from "./account.ts";
import type { Caster } from "./caster.ts";
import { checkAnswers, checkHolds, checkNotices } from "./check-answers.ts";
import { checkBooks } from "./check-books.ts";
import type { Clock } from "./clock.ts";
import { collectEvents } from "./collect-events.ts";
import type { Model } from "./model.ts";
import { headSeq, readCasts } from "./observe.ts";
import { carryOutAll, type AdmitOperation, type Operation, type SettleOperation } from "./operations.ts";

/** The processes of a simulation, by what they are good for. */
export interface Casters {
  /** Any of them, for ordinary work. */
  readonly all: readonly [Caster, ...Caster[]];
  /** Its connection can be cut. */
  readonly cuttable: Caster;
}

export interface SimulationOptions {
  readonly random: Random;
  readonly model: Model;
  readonly clock: Clock;
  readonly db: Database;
  readonly superuser: postgres.Sql;
  readonly config: Config;
  readonly casters: Casters;
  readonly isConcurrent: boolean;
}

export class Simulation {
  readonly random: Random;
  readonly model: Model;
  readonly clock: Clock;
  readonly db: Database;
  readonly superuser: postgres.Sql;
  readonly config: Config;
  readonly casters: Casters;
  readonly isConcurrent: boolean;
  /** What was decided so far, without the names that differ from run to run. */
  readonly trace: string[] = [];
  step = 0;

  constructor(options: SimulationOptions) {
    this.random = options.random;
    this.model = options.model;
    this.clock = options.clock;
    this.db = options.db;
    this.superuser = options.superuser;
    this.config = options.config;
    this.casters = options.casters;
    this.isConcurrent = options.isConcurrent;
  }

  /** A UUID that the seed decides. */
  id(): string {
    const hex = Buffer.from(this.random.bytes(16)).toString("hex");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
  }

  caster(): Caster {
    return this.random.pick(this.casters.all);
  }

  /** One of these at random; undefined when there is none. */
  pick<Item>(items: readonly Item[]): Item | undefined {
    return items[this.random.below(items.length)];
  }

  get accounts(): Account[] {
    return [...this.model.accounts.values()];
  }

  get open(): Cast[] {
    return this.accounts.flatMap((account) => account.open);
  }

  /**
   * Carries the operations out, follows what they did, and checks every answer and every figure.
   * @throws Violation
   */
  async perform(operations: readonly Operation[]): Promise<void> {
    const { clock, db, model } = this;
    const { offsetMs, now: beganAt } = clock;
    const openBefore = this.open;
    for (const operation of operations) this.#note(operation);
    const seq = await headSeq(db.sql);
    await carryOutAll(operations, this.isConcurrent);
    this.trace.push(`    ${summaryOf(operations)}`);

    const requested = operations.filter((o): o is AdmitOperation => o.verb === "admit");
    const ids = [...openBefore.map(({ id }) => id), ...requested.map(({ request }) => request.castId)];
    const rows = new Map((await readCasts(db.sql, ids)).map((row) => [row.castId, row]));
    model.follow(await collectEvents(db.sql, operations, openBefore, rows, seq, offsetMs), offsetMs);
    checkAnswers(model, operations, openBefore);
    checkHolds(this, rows, operations, beganAt);
    await checkNotices(this);
    await checkBooks(this.superuser);
  }

  /** What the model has to know before anybody can act on it. */
  #note(operation: Operation): void {
    if (operation.verb === "cancel") this.model.cancelled.add(operation.cast.id);
    if (operation.verb !== "settle") return;
    const { castId, errorCode, fuelUsed } = operation.ending;
    const asked = this.model.asked.get(castId) ?? [];
    this.model.asked.set(castId, [...asked, { errorCode, fuelUsed }]);
  }

  /** A request for a cast with what the seed decides of it. */
  request(account: Account, spell: string, more: Partial<CastRequest> = {}): CastRequest {
    return {
      castId: this.id(),
      accountId: account.id,
      keyPrefix: null,
      sessionDigest: null,
      spell,
      version: null,
      maxCostMicros: null,
      seed: this.random.bytes(32),
      inputDigest: this.random.bytes(32),
      idempotency: null,
      stdin: null,
      ...more,
    };
  }
}

function outcomeOf(operation: Operation): string {
  switch (operation.verb) {
    case "admit":
      return operation.answer?.admission.decision ?? "admission lost";
    case "settle": {
      const settlement: SettleOperation["answer"] = operation.answer;
      return settlement == null
        ? "settlement lost"
        : `${settlement.outcome} ${settlement.errorCode ?? "completed"}`;
    }
    case "change":
      return operation.change.what;
    case "sweep":
      return `swept ${String(operation.answer)}`;
    default:
      return `${operation.verb} ${String(operation.answer)}`;
  }
}

function summaryOf(operations: readonly Operation[]): string {
  const counts = new Map<string, number>();
  for (const outcome of operations.map(outcomeOf)) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].map(([outcome, count]) => (count === 1 ? outcome : `${count} ${outcome}`)).join(", ");
}
