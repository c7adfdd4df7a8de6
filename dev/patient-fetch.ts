import { setTimeout as pause } from "node:timers/promises";

const REQUEST_TIMEOUT_MS = 30_000;
/** For an answer 429 that does not say how long. */
const USUAL_WAIT_SECONDS = 1;

/** How long somebody waits for answers. */
export interface Patience {
  readonly giveUpAtMs: number;
  /** Ends all waiting at once. */
  readonly stop?: AbortSignal | undefined;
}

/** Fetches, follows no redirect, and asks again when it is told to come back later. @throws Error when patience ends */
export async function patientFetch(
  url: URL,
  init: RequestInit,
  { giveUpAtMs, stop }: Patience,
): Promise<Response> {
  for (;;) {
    const timeout = AbortSignal.timeout(Math.min(REQUEST_TIMEOUT_MS, Math.max(giveUpAtMs - Date.now(), 0)));
    const signal = stop === undefined ? timeout : AbortSignal.any([timeout, stop]);
    const response = await fetch(url, { redirect: "manual", ...init, signal });
    if (response.status !== 429) return response;
    await response.body?.cancel();
    const waitMs = Number(response.headers.get("Retry-After") ?? USUAL_WAIT_SECONDS) * 1_000;
    if (!(Date.now() + waitMs < giveUpAtMs))
      throw new Error(`${url.origin} asks to come back later than there is time for`);
    await pause(waitMs, undefined, { signal: stop });
  }
}
