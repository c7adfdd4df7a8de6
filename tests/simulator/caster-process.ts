/** A process that casts: carries out what its parent says, and dies or stands still at the point it is told. */
import type { AdmissionSettings } from "../../server/db/casts.ts";
import { openCaster, type Caster } from "./caster.ts";

/** Where it ends or stands still. */
export type Point = "killed-after" | "stopped-before";

export type Call = {
  readonly [Verb in keyof Caster]: { readonly verb: Verb; readonly args: Parameters<Caster[Verb]> };
}[keyof Caster];

export interface Command {
  readonly number: number;
  readonly call: Call;
  readonly offsetMs: number;
  readonly point: Point | null;
}

export type Report = { readonly number: number } & (
  { readonly answer: unknown } | { readonly error: string }
);

export interface ProcessOptions {
  readonly url: string;
  readonly settings: AdmissionSettings;
}

function carryOut(caster: Caster, { verb, args }: Call): Promise<unknown> {
  switch (verb) {
    case "admit":
      return caster.admit(...args);
    case "settle":
      return caster.settle(...args);
    case "sweep":
      return caster.sweep();
    case "start":
      return caster.start(...args);
    case "cancel":
      return caster.cancel(...args);
  }
}

// Its only argument is written by the process that starts it.
const { url, settings } = JSON.parse(process.argv[2] ?? "") as ProcessOptions;
const clock = { offsetMs: 0 };
const caster = await openCaster({ url, poolSize: 4, settings, clock, isTimed: true });

async function obey({ number, call, offsetMs, point }: Command): Promise<Report> {
  clock.offsetMs = offsetMs;
  if (point === "stopped-before") process.kill(process.pid, "SIGSTOP");
  try {
    const answer = await carryOut(caster, call);
    if (point === "killed-after") process.kill(process.pid, "SIGKILL");
    return { number, answer };
  } catch (error) {
    return { number, error: String(error) };
  }
}

process.on("message", (command: Command) => void obey(command).then((report) => process.send?.(report)));
process.on("disconnect", () => process.exit(0));
process.send?.({ number: -1, answer: null } satisfies Report);
