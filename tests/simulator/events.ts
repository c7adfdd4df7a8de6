/** What happened in the database in one step, with the moments at which it happened. */
import type { Admission, CastRequest } from "../../server/db/casts.ts";
import type { Account } from "./account.ts";

/** All times are microseconds of the database's real clock; the simulated one is this plus the step's offset. */
interface Timed {
  readonly atMicros: number;
  /** Orders what has the same moment: the casts of a batch. */
  readonly position: number;
}

/** What the database holds of an admitted cast, whatever became of it since. */
export interface CastRow {
  readonly castId: string;
  readonly accountId: string;
  readonly keyId: string | null;
  readonly versionId: string;
  readonly day: string;
  readonly month: string;
  readonly funding: string;
  readonly holdMicros: number;
  readonly fuelLimit: number;
  readonly admittedAtMicros: number;
  /** `queued` and `running` are holds; the rest are in the history. */
  readonly state: "queued" | "running" | "completed" | "failed";
  readonly starts: number;
  readonly deadlineMicros: number;
  readonly errorCode: string | null;
  readonly costMicros: number;
  readonly fuelUsed: number | null;
  readonly endedAtMicros: number;
}

export interface RequestEvent extends Timed {
  readonly kind: "request";
  readonly request: CastRequest;
  /** Null: the answer was lost. */
  readonly admission: Admission | null;
  /** Null: it is not in the database. */
  readonly row: CastRow | null;
}

export interface EndedEvent extends Timed {
  readonly kind: "ended";
  readonly row: CastRow;
}

/** A card, a limit or a key changed. */
export interface ChangeEvent extends Timed {
  readonly kind: "changed";
  readonly account: Account;
  readonly change: () => void;
}

export type Event = RequestEvent | EndedEvent | ChangeEvent;
