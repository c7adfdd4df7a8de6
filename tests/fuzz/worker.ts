/** A process that tries one seed after the other for pool.ts, which ends it when it hangs. */
import { tryCase } from "./case.ts";
import type { FromWorker, ToWorker } from "./pool.ts";

const send = (message: FromWorker) => process.send?.(message);

process.on("message", ({ seed, size }: ToWorker) => {
  tryCase(seed, size, (step) => send({ kind: "step", step })).then(
    (report) => send({ kind: "report", report }),
    (error: unknown) => {
      const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
      send({ kind: "broken", what });
    },
  );
});

// Whoever asked is gone.
process.on("disconnect", () => process.exit());
