/** Callers that cast without pause, through servers that die: what they were told, to be held against the books. */
import { createHash } from "node:crypto";
import type { Random } from "../fuzz/random.ts";
import type { Stack } from "./stack.ts";
import { callApi, type Answer } from "./web.ts";

/** What a caller was told of a cast. */
export interface Acknowledged {
  readonly id: string;
  readonly costMicros: number;
  readonly inputDigest: string;
}

export interface LoadReport {
  /** Answered 200. */
  readonly completed: Acknowledged[];
  /** Answered 202: their ids. */
  readonly queued: string[];
  /** How often each status came; 0: no answer. */
  readonly statuses: Map<number, number>;
}

export const newReport = (): LoadReport => ({ completed: [], queued: [], statuses: new Map() });

const digestOf = (payload: string): string =>
  createHash("sha256").update(JSON.stringify(payload)).digest("hex");

/** One request; null when the connection broke. */
async function ask(
  stack: Stack,
  key: string,
  spell: string,
  payload: string,
  headers: Record<string, string>,
) {
  const options = { key, body: { spell_name: spell, payload }, headers };
  return callApi(stack.base_url, "POST", "/v1/cast", options).catch(() => null);
}

function note(report: LoadReport, payload: string, answer: Answer | null): void {
  const status = answer?.status ?? 0;
  report.statuses.set(status, (report.statuses.get(status) ?? 0) + 1);
  if (answer?.status === 200) {
    const costMicros = answer.body["cost_micros"] as number;
    report.completed.push({ id: answer.body.id, costMicros, inputDigest: digestOf(payload) });
  } else if (answer?.status === 202) report.queued.push(answer.body.id);
}

/** Answers after which sending the same request again is pointless. */
const isFinal = (answer: Answer | null): boolean =>
  answer !== null && ![409, 429, 503].includes(answer.status);

/**
 * One caller: until `isOver`, one cast after another, of which some are queued, and some carry an Idempotency-Key and are
 * sent again, to either server, until an answer says what became of them. No payload is used for two casts.
 */
export async function keepCasting(
  stacks: readonly [Stack, ...Stack[]],
  key: string,
  random: Random,
  report: LoadReport,
  isOver: () => boolean,
): Promise<void> {
  while (!isOver()) {
    const payload = Buffer.from(random.bytes(12)).toString("hex");
    const spell = random.pick(["ten-cents", "ten-cents", "slow-ten-cents"]);
    const isKeyed = random.oneIn(2);
    const headers = {
      ...(isKeyed ? { "Idempotency-Key": payload } : {}),
      ...(random.oneIn(5) ? { Prefer: "respond-async" } : {}),
    };
    for (;;) {
      const answer = await ask(random.pick(stacks), key, spell, payload, headers);
      note(report, payload, answer);
      if (!isKeyed || isFinal(answer) || isOver()) break;
    }
  }
}
