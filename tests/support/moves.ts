/** Casts as admission and settlement are asked for them, for tests and benchmarks that speak to the database alone. */
import { randomBytes, randomUUIDv7 } from "node:crypto";
import {
  moveCasts,
  type Admission,
  type AdmissionSettings,
  type CastEnding,
  type CastRequest,
  type Settlement,
} from "../../server/db/casts.ts";
import type { Sql } from "../../server/db/connect.ts";

/** A request without a credential, as the house's own accounts make them. */
export const requestOf = (
  accountId: string,
  spell: string,
  more: Partial<CastRequest> = {},
): CastRequest => ({
  castId: randomUUIDv7(),
  accountId,
  keyPrefix: null,
  sessionDigest: null,
  spell,
  version: null,
  maxCostMicros: null,
  seed: randomBytes(32),
  inputDigest: randomBytes(32),
  idempotency: null,
  stdin: null,
  ...more,
});

/** The ending of a cast that completed. */
export const endingOf = (
  { castId, accountId }: Pick<CastRequest, "castId" | "accountId">,
  more: Partial<CastEnding> = {},
): CastEnding => ({
  castId,
  accountId,
  errorCode: null,
  fuelUsed: 100,
  durationMs: 1,
  outputDigest: randomBytes(32),
  log: new Uint8Array(),
  output: null,
  failure: null,
  ...more,
});

/** A batch of requests alone. */
export async function admitCasts(
  sql: Sql,
  requests: readonly CastRequest[],
  settings: AdmissionSettings,
  clockOffsetMs: number,
): Promise<Admission[]> {
  return (await moveCasts(sql, { requests, endings: [] }, settings, clockOffsetMs)).admissions;
}

/** A batch of endings alone. */
export async function settleCasts(
  sql: Sql,
  endings: readonly CastEnding[],
  settings: AdmissionSettings,
  clockOffsetMs: number,
): Promise<Settlement[]> {
  return (await moveCasts(sql, { requests: [], endings }, settings, clockOffsetMs)).settlements;
}
