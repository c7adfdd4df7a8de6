/** A caster in a process of its own, which can die or stand still in the middle of what it does. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { CastEnding, CastRequest, Settlement } from "../../server/db/casts.ts";
import type { Caster, TimedAdmission } from "./caster.ts";
import type { Call, Command, Point, ProcessOptions, Report } from "./caster-process.ts";
import { AnswerLost } from "./operations.ts";

const script = fileURLToPath(new URL("caster-process.ts", import.meta.url));

export interface ProcessCaster extends Caster {
  /** The next call meets this point. */
  next(point: Point): void;
  /** Resolves when it stands still. */
  stopped(): Promise<void>;
  goOn(): void;
  /** Starts it again when it died. */
  revive(): Promise<void>;
  close(): Promise<void>;
}

async function start(options: ProcessOptions): Promise<ChildProcess> {
  const child = fork(script, [JSON.stringify(options)], { serialization: "advanced" });
  // Every call under way listens.
  child.setMaxListeners(0);
  await once(child, "message");
  return child;
}

const stateOf = (pid: number): string => {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3);
};

export async function startProcessCaster(
  options: ProcessOptions,
  clock: { readonly offsetMs: number },
): Promise<ProcessCaster> {
  let child = await start(options);
  let point: Point | null = null;
  let last = 0;

  async function tell(call: Call): Promise<unknown> {
    const number = ++last;
    const command: Command = { number, call, offsetMs: clock.offsetMs, point };
    point = null;
    const of = child;
    return new Promise((resolve, reject) => {
      const hear = (report: Report) => {
        if (report.number !== number) return;
        of.off("message", hear);
        of.off("exit", lose);
        if ("error" in report) reject(new Error(report.error));
        else resolve(report.answer);
      };
      const lose = () => reject(new AnswerLost());
      of.on("message", hear);
      of.on("exit", lose);
      of.send(command);
    });
  }

  // What the process answers is what its caster gave: the same verbs, carried over a channel that copies values.
  return {
    admit: (request: CastRequest) => tell({ verb: "admit", args: [request] }) as Promise<TimedAdmission>,
    settle: (ending: CastEnding) => tell({ verb: "settle", args: [ending] }) as Promise<Settlement>,
    sweep: () => tell({ verb: "sweep", args: [] }) as Promise<number>,
    start: (castId) => tell({ verb: "start", args: [castId] }) as Promise<boolean>,
    cancel: (accountId, castId) => tell({ verb: "cancel", args: [accountId, castId] }) as Promise<boolean>,
    next: (chosen) => {
      point = chosen;
    },
    stopped: async () => {
      while (stateOf(child.pid ?? 0) !== "T") await pause(5);
    },
    goOn: () => void child.kill("SIGCONT"),
    revive: async () => {
      if (child.exitCode === null && child.signalCode === null) return;
      child = await start(options);
    },
    close: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
    },
  };
}
