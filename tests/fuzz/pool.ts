/** Tries seeds in child processes, whose compilers' flags change while they work, and which may hang or crash. */
import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { CaseReport, CaseSize } from "./case.ts";

export interface ToWorker {
  readonly seed: number;
  readonly size: CaseSize;
}

export type FromWorker =
  | { readonly kind: "step"; readonly step: string }
  | { readonly kind: "report"; readonly report: CaseReport }
  /** The harness itself failed. */
  | { readonly kind: "broken"; readonly what: string };

/** The longest that a step of a case may take; most take a hundredth of a second. */
const STEP_MS = 30_000;

const script = fileURLToPath(new URL("./worker.ts", import.meta.url));

const broken = (what: string): CaseReport => ({
  verdicts: [],
  damagedRefused: 0,
  damagedSound: 0,
  failures: [what],
});

/** Sends one seed to a child and waits for its report; a child that hangs is ended. */
function askWorker(child: ChildProcess, asked: ToWorker): Promise<CaseReport> {
  return new Promise((resolve) => {
    let step = "the start";
    let hasHung = false;
    const hang = () => {
      hasHung = true;
      child.kill("SIGKILL");
    };
    let timer = setTimeout(hang, STEP_MS);
    const finish = (report: CaseReport) => {
      clearTimeout(timer);
      child.off("message", hear);
      child.off("exit", lose);
      resolve(report);
    };
    const lose = (code: number | null, signal: string | null) =>
      finish(
        broken(
          hasHung
            ? `${step}: took more than ${STEP_MS} ms`
            : `${step}: the process died of ${signal ?? code}`,
        ),
      );
    const hear = (message: FromWorker) => {
      if (message.kind === "report") finish(message.report);
      else if (message.kind === "broken") finish(broken(`${step}: ${message.what}`));
      else {
        step = message.step;
        clearTimeout(timer);
        timer = setTimeout(hang, STEP_MS);
      }
    };
    child.on("message", hear);
    child.once("exit", lose);
    child.send(asked);
  });
}

/** Tries all seeds with so many children at a time; `onReport` hears of each when it is done. */
export async function trySeeds(
  seeds: readonly number[],
  size: CaseSize,
  workers: number,
  onReport: (seed: number, report: CaseReport) => void,
): Promise<void> {
  const waiting = [...seeds];
  const start = () =>
    fork(script, { execArgv: ["--no-warnings"], stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const work = async () => {
    let child = start();
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
      if (!child.connected) child = start();
      onReport(seed, await askWorker(child, { seed, size }));
    }
    child.kill();
  };
  await Promise.all(Array.from({ length: workers }, work));
}
