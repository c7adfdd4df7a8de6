import { once } from "node:events";
import { getPriority } from "node:os";
import { Worker } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import { createPriorities } from "./priority.ts";

test.runIf(process.platform === "linux")(
  "a thread lowers itself and nobody else, and can be lowered further from outside",
  async () => {
    const before = getPriority(process.pid);
    const thread = new Worker(
      `const { parentPort, workerData } = require("node:worker_threads");
      parentPort.on("message", () => undefined);
      import(workerData).then(({ lowerThisThread }) => parentPort.postMessage(lowerThisThread()));`,
      { eval: true, workerData: new URL("./priority.ts", import.meta.url).href },
    );
    onTestFinished(async () => {
      await thread.terminate();
    });
    // The thread's one message.
    const [kernelId] = (await once(thread, "message")) as [number];
    const niceness = getPriority(kernelId);
    expect(niceness).toBeGreaterThan(before);
    expect(getPriority(process.pid)).toBe(before);
    createPriorities().lower(kernelId);
    expect(getPriority(kernelId)).toBeGreaterThan(niceness);
  },
);

test("where a thread cannot be raised again, no other is lowered", () => {
  const lowered: number[] = [];
  const priorities = createPriorities((kernelId, niceness) => {
    if (niceness < 10) throw new Error("EACCES");
    lowered.push(kernelId);
  });
  priorities.lower(1);
  priorities.raise(1);
  priorities.lower(2);
  expect(lowered).toEqual([1]);
});
