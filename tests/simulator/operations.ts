/** What the simulator does in one step, all at once or one after another. */
import type { CastEnding, CastRequest, Settlement } from "../../server/db/casts.ts";
import type { Account, Cast } from "./account.ts";
import type { Caster, TimedAdmission } from "./caster.ts";

/** How a person changes an account, and what the model has to know of it. */
export interface Change {
  readonly what: string;
  readonly account: Account;
  /** The kind of entry whose moment is the change's; null: `run` tells its moment itself. */
  readonly entryKind: string | null;
  /** Microseconds of the database's real clock, under the account's lock. */
  run(): Promise<number | null>;
  /** Does the same to the model. */
  apply(): void;
}

export type Operation =
  | {
      readonly verb: "admit";
      readonly caster: Caster;
      readonly request: CastRequest;
      answer?: TimedAdmission | null;
    }
  | {
      readonly verb: "settle";
      readonly caster: Caster;
      readonly ending: CastEnding;
      answer?: Settlement | null;
    }
  | { readonly verb: "sweep"; readonly caster: Caster; answer?: number | null }
  | { readonly verb: "start"; readonly caster: Caster; readonly cast: Cast; answer?: boolean | null }
  | { readonly verb: "cancel"; readonly caster: Caster; readonly cast: Cast; answer?: boolean | null }
  | { readonly verb: "change"; readonly change: Change; atMicros?: number | null };

export type AdmitOperation = Extract<Operation, { verb: "admit" }>;
export type SettleOperation = Extract<Operation, { verb: "settle" }>;

/** An answer that nobody will get: the process that asked is gone, or its connection was cut. */
export class AnswerLost extends Error {
  override readonly name = "AnswerLost";
}

async function lostAsNull<Answer>(answer: Promise<Answer>): Promise<Answer | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof AnswerLost) return null;
    throw error;
  }
}

/** Carries an operation out and writes down its answer; null when it was lost. */
export async function carryOut(operation: Operation): Promise<void> {
  switch (operation.verb) {
    case "admit":
      operation.answer = await lostAsNull(operation.caster.admit(operation.request));
      return;
    case "settle":
      operation.answer = await lostAsNull(operation.caster.settle(operation.ending));
      return;
    case "sweep":
      operation.answer = await lostAsNull(operation.caster.sweep());
      return;
    case "start":
      operation.answer = await lostAsNull(operation.caster.start(operation.cast.id));
      return;
    case "cancel":
      operation.answer = await lostAsNull(
        operation.caster.cancel(operation.cast.account.id, operation.cast.id),
      );
      return;
    case "change":
      operation.atMicros = await operation.change.run();
  }
}

/**
 * Carries out all at once; or, to be told what happened by the seed alone, in order: neighbours of one kind go
 * together, because that is how batches come about.
 */
export async function carryOutAll(operations: readonly Operation[], isConcurrent: boolean): Promise<void> {
  if (isConcurrent) {
    await allEnded(operations.map(carryOut));
    return;
  }
  for (let i = 0; i < operations.length;) {
    const first = operations[i];
    let end = i + 1;
    const isBatched = first?.verb === "admit" || first?.verb === "settle";
    while (isBatched && operations[end]?.verb === first.verb) end += 1;
    await allEnded(operations.slice(i, end).map(carryOut));
    i = end;
  }
}

/** Waits for all, also when one fails: nothing of a step goes on behind the next one's back. */
async function allEnded(promises: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(promises);
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
