import { setTimeout as pause } from "node:timers/promises";
import { freePort, tryPort } from "../free-port.ts";
import { Unusable } from "./environment.ts";

const DEFAULT_PORT = 3_000;
const PORT_TRIES = 20;
const PORT_PAUSE_MS = 100;

/**
 * A process that was just killed keeps its port until the last of its threads is gone, a moment after the process itself
 * counts as gone: a port that is taken is asked for again.
 */
async function freeInTime(port: number): Promise<boolean> {
  for (let tries = 0; tries < PORT_TRIES; tries += 1) {
    if ((await tryPort(port)) !== null) return true;
    await pause(PORT_PAUSE_MS);
  }
  return false;
}

/** The port of an earlier start, unless somebody has it meanwhile; else any. */
export const portAsBefore = async (before: number | undefined): Promise<number> =>
  before !== undefined && (await freeInTime(before)) ? before : freePort();

/** The port that was asked for, or the usual one, or any. @throws Unusable */
export async function choosePort(asked: number | null): Promise<number> {
  if (asked !== null) {
    if (await freeInTime(asked)) return asked;
    throw new Unusable(`Port ${asked} is in use; choose another: PORT=3001 make run`);
  }
  return (await tryPort(DEFAULT_PORT)) ?? freePort();
}
